package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.dialect.consul.chain.RouterSpec;
import io.weft.compiler.dialect.consul.chain.RouterSpec.DestinationSpec;
import io.weft.compiler.dialect.consul.chain.RouterSpec.RouteSpec;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.Filter;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code ServiceRouter}. */
final class RouterReader {

    private static final Map<String, RetryOn> CONDITIONS =
            Map.ofEntries(
                    Map.entry("5xx", RetryOn.FIVE_XX),
                    Map.entry("gateway-error", RetryOn.GATEWAY_ERROR),
                    Map.entry("reset", RetryOn.RESET),
                    Map.entry("connect-failure", RetryOn.CONNECT_FAILURE),
                    Map.entry("envoy-ratelimited", RetryOn.ENVOY_RATELIMITED),
                    Map.entry("retriable-4xx", RetryOn.RETRIABLE_4XX),
                    Map.entry("refused-stream", RetryOn.REFUSED_STREAM),
                    Map.entry("cancelled", RetryOn.GRPC_CANCELLED),
                    Map.entry("deadline-exceeded", RetryOn.GRPC_DEADLINE_EXCEEDED),
                    Map.entry("internal", RetryOn.GRPC_INTERNAL),
                    Map.entry("resource-exhausted", RetryOn.GRPC_RESOURCE_EXHAUSTED),
                    Map.entry("unavailable", RetryOn.GRPC_UNAVAILABLE));

    private RouterReader() {}

    static RouterSpec read(Field root) {
        List<RouteSpec> routes = new ArrayList<>();
        for (Field route : root.get("spec").get("routes").items()) {
            Field http = route.get("match").get("http");
            Field destination = route.get("destination");
            routes.add(
                    new RouteSpec(
                            "routes[" + routes.size() + "]",
                            HttpConditions.route(http),
                            destination.isPresent() ? destination(destination, http) : null,
                            route.origin()));
        }
        return new RouterSpec(Names.own(root), routes, root.origin());
    }

    private static DestinationSpec destination(Field destination, Field http) {
        Names.refusePartition(destination);
        List<Filter> filters = new ArrayList<>(HeaderChanges.filters(destination));
        rewrite(destination.get("prefixRewrite"), http, filters);
        return new DestinationSpec(
                destination.get("service").text(""),
                destination.get("serviceSubset").text(""),
                destination.get("namespace").text(""),
                filters,
                positive(destination.get("requestTimeout")),
                positive(destination.get("idleTimeout")),
                retry(destination));
    }

    private static @Nullable Duration positive(Field field) {
        return field.duration().filter(duration -> !duration.isZero()).orElse(null);
    }

    private static void rewrite(Field rewrite, Field http, List<Filter> filters) {
        String to = rewrite.text("");
        if (to.isEmpty()) {
            return;
        }
        String prefix = http.get("pathPrefix").text("");
        if (!prefix.isEmpty()) {
            filters.add(
                    new Filter.Rewrite(
                            new PathRewrite.Prefix(prefix, to, false), null, rewrite.origin()));
        } else if (!http.get("pathExact").text("").isEmpty()) {
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
        for (Field item : destination.get("retryOn").items()) {
            String text = item.text("");
            RetryOn condition = CONDITIONS.get(text);
            if (condition == null) {
                item.reportValue(text, String.join(", ", new TreeSet<>(CONDITIONS.keySet())));
            } else {
                on.add(condition);
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

    /** Whether a failure of this name may be repeated. */
    static boolean isCondition(String text) {
        return CONDITIONS.containsKey(text);
    }
}
