/**
 * What is said on the wire of HTTP/1.1, the same for both sides of the proxy, and protocol buffers.
 * Nothing of exchanges, policy or pools.
 */
@NullMarked
package io.weft.dataplane.codec;

import org.jspecify.annotations.NullMarked;
