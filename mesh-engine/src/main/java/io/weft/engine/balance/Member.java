package io.weft.engine.balance;

import io.weft.model.cluster.Endpoint;

/**
 * An endpoint of a compiled cluster with what is remembered of it.
 *
 * @param priority 0 is used first
 */
record Member(Endpoint endpoint, EndpointState state, int priority) {}
