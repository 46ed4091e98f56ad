/**
 * Logging people in at an OpenID Connect provider, for whatever serves HTTP: sealed cookies, no
 * state of its own. Knows neither mesh nor web framework; it decides about nobody's rights.
 */
@NullMarked
package io.weft.login;

import org.jspecify.annotations.NullMarked;
