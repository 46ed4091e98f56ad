package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import io.weft.model.ServiceId;
import io.weft.model.match.Match;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Services with Linkerd's annotations, by host. */
final class Annotated {

    private final Map<String, ServiceAnnotations> requests = new HashMap<>();
    private final Map<String, FailureAccrual> breakers = new HashMap<>();

    Annotated(CompileContext context) {
        for (RawResource service : context.cluster().services()) {
            if (service.annotations().keySet().stream().anyMatch(Annotated::isOurs)) {
                Field root = context.open(service, Dialect.LINKERD);
                Field annotations = root.get("metadata").get("annotations");
                String host = new ServiceId(service.namespace(), service.name()).host();
                ServiceAnnotations.read(annotations).ifPresent(a -> requests.put(host, a));
                FailureAccrual.read(annotations)
                        .ifPresent(breaker -> {
                            breaker.report(annotations);
                            breakers.put(host, breaker);
                        });
            }
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith("retry.linkerd.io/")
                || name.startsWith("timeout.linkerd.io/")
                || name.startsWith("balancer.linkerd.io/");
    }

    Optional<ServiceAnnotations> requests(String host) {
        return Optional.ofNullable(requests.get(host));
    }

    Optional<FailureAccrual> breaker(String host) {
        return Optional.ofNullable(breakers.get(host));
    }

    /** One route to the service with what the annotations say. */
    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        ServiceAnnotations annotations = requests.get(view.host());
        if (annotations == null) {
            return Optional.empty();
        }
        Target target =
                new Target(view.host(), view.port(), "", 1, List.of(), annotations.origin());
        Route route =
                new Route(
                        "annotated",
                        Match.ALWAYS,
                        new RouteAction.Forward(linker.link(List.of(target))),
                        List.of(),
                        annotations.timeouts(),
                        annotations.retry() == null
                                ? Connections.retry(annotations.origin())
                                : annotations.retry(),
                        annotations.origin());
        return Optional.of(new RoutePlan(List.of(route), List.of(), annotations.origin()));
    }
}
