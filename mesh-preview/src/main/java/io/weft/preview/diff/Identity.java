package io.weft.preview.diff;

import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.JwtRule;
import io.weft.model.cluster.Endpoint;
import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;

/**
 * What makes an element of a list the same one in another list.
 *
 * @param label how people call it
 * @param key equal for the same element, whatever else changes
 * @param fallback equal for elements that stand for each other when no key is equal; empty for none
 * @param ordered whether its place among the others means something
 */
record Identity(String label, String key, String fallback, boolean ordered) {

    static Identity of(Object element) {
        return switch (element) {
            case InboundPort port -> byKey("inbound port " + port.port(), false);
            case GatewayServer server ->
                    byKey(
                            "port " + server.port() + " for " + String.join(", ", server.hosts()),
                            false);
            case VirtualHost host -> byKey("host " + String.join(", ", host.domains()), false);
            case Route route -> {
                String match = Words.of(route.match());
                yield new Identity(
                        "route when " + match,
                        resource(route.origin()) + match,
                        route.name(),
                        true);
            }
            case TcpRoute route -> {
                String match = Words.of(route.match());
                yield new Identity(
                        "route when " + match,
                        resource(route.origin()) + match,
                        route.name(),
                        true);
            }
            case WeightedDestination each -> byKey(Words.of(each.destination()), false);
            case AuthzLayer layer -> byKey("policies of " + layer.dialect().title(), false);
            case AuthzStep step -> {
                String resource = step.origin().kind() + " " + step.origin().name();
                yield new Identity(
                        "rule", Words.of(step) + resource(step.origin()), resource, true);
            }
            case JwtRule rule -> byKey("tokens of " + rule.issuer(), false);
            case ExternalAuthorizer external -> byKey("authoriser " + external.name(), false);
            case Endpoint endpoint ->
                    byKey("endpoint " + endpoint.address() + ":" + endpoint.port(), false);
            case Filter.Gateway filter -> byKey("gateway filter " + filter.name(), true);
            case Filter filter ->
                    byKey("filter " + Words.spaced(filter.getClass().getSimpleName()), true);
            default -> byKey(Words.of(element), false);
        };
    }

    private static Identity byKey(String label, boolean ordered) {
        return new Identity(label, label, "", ordered);
    }

    private static String resource(Origin origin) {
        return origin.kind() + " " + origin.namespace() + "/" + origin.name() + " ";
    }
}
