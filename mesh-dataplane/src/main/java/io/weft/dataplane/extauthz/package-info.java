/**
 * Asks external authorisers, over HTTP and over gRPC (envoy.service.auth.v3), and says what their
 * answers mean. Nothing is decided here: what follows is the engine's.
 */
@NullMarked
package io.weft.dataplane.extauthz;

import org.jspecify.annotations.NullMarked;
