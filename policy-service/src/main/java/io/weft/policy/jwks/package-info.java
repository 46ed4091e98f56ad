/**
 * The key sets of token issuers: fetched here for the whole mesh, kept through outages. Verifies no
 * token.
 */
@NullMarked
package io.weft.policy.jwks;

import org.jspecify.annotations.NullMarked;
