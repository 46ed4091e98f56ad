/**
 * Connections to endpoints: pools per event loop, HTTP/1.1 and HTTP/2, mTLS with the expected
 * identity.
 */
@NullMarked
package io.weft.dataplane.upstream;

import org.jspecify.annotations.NullMarked;
