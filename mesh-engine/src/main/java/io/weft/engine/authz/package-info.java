/**
 * Authorisation programs compiled and decided; only this package can make a permit. Knows nothing
 * of routes, tokens' signatures or endpoints.
 */
@NullMarked
package io.weft.engine.authz;

import org.jspecify.annotations.NullMarked;
