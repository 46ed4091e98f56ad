package io.weft.compiler.dialect;

import io.weft.model.Origin;
import io.weft.model.route.Route;
import io.weft.model.route.TcpRoute;
import java.util.List;

/**
 * The routes of one dialect for one destination, in the order in which they are tried.
 *
 * @param http empty leaves requests to the default route
 * @param tcp empty leaves connections to the default route
 */
public record RoutePlan(List<Route> http, List<TcpRoute> tcp, Origin origin) {

    public RoutePlan {
        http = List.copyOf(http);
        tcp = List.copyOf(tcp);
    }
}
