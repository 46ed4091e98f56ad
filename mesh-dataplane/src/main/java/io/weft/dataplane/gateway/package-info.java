/**
 * Listeners of a gateway: logical ports, certificates by SNI, hosts, what is cleaned at the edge.
 */
@NullMarked
package io.weft.dataplane.gateway;

import org.jspecify.annotations.NullMarked;
