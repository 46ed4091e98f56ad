package io.weft.engine.route;

import io.weft.model.route.TcpRoute;
import io.weft.model.route.WeightedDestination;

/** What a route table says about an opaque connection. */
public record TcpDecision(TcpRoute route, WeightedDestination destination) {}
