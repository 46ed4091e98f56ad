package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All ServiceRouters by the host of their service. Immutable once made. */
final class Routers {

    /**
     * @param host empty is the router's own service
     */
    record RouteEntry(
            String name,
            Match match,
            String host,
            String subset,
            List<Filter> filters,
            @Nullable Duration requestTimeout,
            @Nullable Duration idleTimeout,
            @Nullable RetryPolicy retry,
            Origin origin) {}

    /** A router. */
    record Router(List<RouteEntry> routes, Origin origin) {}

    private final Map<String, Router> byHost = new HashMap<>();

    @Nullable Router get(String host) {
        return byHost.get(host);
    }

    Map<String, Router> all() {
        return byHost;
    }

    void add(Field root) {
        List<RouteEntry> routes = new ArrayList<>();
        for (Field route : root.get("spec").get("routes").items()) {
            routes.add(route(route, routes.size()));
        }
        byHost.putIfAbsent(Names.own(root), new Router(routes, root.origin()));
    }

    private static RouteEntry route(Field route, int index) {
        Field http = route.get("match").get("http");
        Field destination = route.get("destination");
        String namespace = destination.get("namespace").text(route.resource().namespace());
        String service = destination.get("service").text("");
        List<Filter> filters = new ArrayList<>();
        HeaderChanges.read(destination, filters);
        rewrite(destination.get("prefixRewrite"), http, filters);
        return new RouteEntry(
                "routes[" + index + "]",
                HttpConditions.route(http),
                service.isEmpty() ? "" : Names.host(service, namespace),
                destination.get("serviceSubset").text(""),
                filters,
                positive(destination.get("requestTimeout")),
                positive(destination.get("idleTimeout")),
                retry(destination),
                route.origin());
    }

    private static @Nullable Duration positive(Field field) {
        return field.duration().filter(duration -> !duration.isZero()).orElse(null);
    }

    private static void rewrite(Field rewrite, Field http, List<Filter> filters) {
        if (!rewrite.isPresent()) {
            return;
        }
        String to = rewrite.text("");
        String prefix = http.get("pathPrefix").text("");
        if (!prefix.isEmpty()) {
            filters.add(
                    new Filter.Rewrite(
                            new PathRewrite.Prefix(prefix, to, false), null, rewrite.origin()));
        } else if (http.get("pathExact").isPresent()) {
            filters.add(new Filter.Rewrite(new PathRewrite.Full(to), null, rewrite.origin()));
        } else {
            rewrite.error(
                    Code.CONTRADICTION,
                    "prefixRewrite needs pathExact or pathPrefix",
                    "match the path by one of them");
        }
    }

    private static @Nullable RetryPolicy retry(Field destination) {
        Set<RetryOn> on = EnumSet.noneOf(RetryOn.class);
        Set<Integer> statuses = new TreeSet<>();
        for (Field status : destination.get("retryOnStatusCodes").items()) {
            status.integer(100, 599).ifPresent(statuses::add);
        }
        if (!statuses.isEmpty()) {
            on.add(RetryOn.RETRIABLE_STATUS_CODES);
        }
        if (destination.get("retryOnConnectFailure").bool(false)) {
            on.add(RetryOn.CONNECT_FAILURE);
        }
        for (Field condition : destination.get("retryOn").items()) {
            RetryOn parsed = parse(condition.text(""));
            if (parsed == null) {
                condition.reportValue(
                        condition.text(""), "5xx, gateway-error, reset, connect-failure, …");
            } else {
                on.add(parsed);
            }
        }
        int retries = destination.get("numRetries").integer(0, 1000, on.isEmpty() ? 0 : 1);
        if (retries == 0) {
            return null;
        }
        if (on.isEmpty()) {
            on.add(RetryOn.CONNECT_FAILURE);
        }
        return new RetryPolicy(
                retries,
                null,
                on,
                statuses,
                MeshDefaults.BACK_OFF_BASE,
                MeshDefaults.BACK_OFF_MAX,
                null,
                false,
                false,
                destination.origin());
    }

    private static @Nullable RetryOn parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "5xx" -> RetryOn.FIVE_XX;
            case "gateway-error" -> RetryOn.GATEWAY_ERROR;
            case "reset" -> RetryOn.RESET;
            case "connect-failure" -> RetryOn.CONNECT_FAILURE;
            case "envoy-ratelimited" -> RetryOn.ENVOY_RATELIMITED;
            case "retriable-4xx" -> RetryOn.RETRIABLE_4XX;
            case "refused-stream" -> RetryOn.REFUSED_STREAM;
            case "cancelled" -> RetryOn.GRPC_CANCELLED;
            case "deadline-exceeded" -> RetryOn.GRPC_DEADLINE_EXCEEDED;
            case "internal" -> RetryOn.GRPC_INTERNAL;
            case "resource-exhausted" -> RetryOn.GRPC_RESOURCE_EXHAUSTED;
            case "unavailable" -> RetryOn.GRPC_UNAVAILABLE;
            default -> null;
        };
    }
}
