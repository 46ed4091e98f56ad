/**
 * What accepts connections: inbound ports, the outbound proxy, bound upstreams; TLS and protocol
 * detection.
 */
@NullMarked
package io.weft.dataplane.listener;

import org.jspecify.annotations.NullMarked;
