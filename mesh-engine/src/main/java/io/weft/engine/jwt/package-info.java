/**
 * Tokens found, verified and cached (RFC 7515, 7517, 7519). Knows no authorisation: it only says
 * who asks.
 */
@NullMarked
package io.weft.engine.jwt;

import org.jspecify.annotations.NullMarked;
