package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.RouteAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code HTTPRoute} of a VirtualService. */
final class HttpRouteReader {

    private HttpRouteReader() {}

    static HttpRouteSpec read(Field field, int index) {
        List<HttpMatchSpec> matches =
                field.get("match").items().stream().map(HttpMatchReader::read).toList();
        Field fault = field.get("fault");
        List<Filter> cors = new ArrayList<>();
        CorsReader.read(field.get("corsPolicy")).ifPresent(cors::add);
        List<Filter> faults = new ArrayList<>();
        FaultReader.read(fault, faults);
        List<Filter> headers = new ArrayList<>();
        HeaderReader.read(field.get("headers"), headers);
        List<Target> targets = targets(field.get("route"));
        Field redirect = field.get("redirect");
        Field direct = field.get("directResponse");
        RouteAction fixed =
                redirect.isPresent()
                        ? RedirectReader.redirect(redirect)
                        : direct.isPresent() ? RedirectReader.direct(direct) : null;
        Field delegate = field.get("delegate");
        String delegated = delegate(delegate);
        checkActions(field, targets, delegated);
        List<Filter> rewrites = new ArrayList<>();
        String rewriteUri = rewrite(field.get("rewrite"), rewrites);
        Duration timeout = field.get("timeout").duration().orElse(null);
        if (fault.isPresent() && (timeout != null || field.get("retries").isPresent())) {
            fault.warn(
                    Code.INEFFECTIVE_POLICY,
                    "a route with faults has neither timeout nor retries: those that are written"
                            + " are not in force",
                    "remove them here, or remove the fault");
        }
        return new HttpRouteSpec(
                field.get("name").text("http[" + index + "]"),
                matches.isEmpty() ? List.of(HttpMatchSpec.ANY) : matches,
                targets,
                fixed,
                redirect.isPresent() ? redirect.get("uri").text().orElse(null) : null,
                rewriteUri,
                new RouteFilters(cors, faults, headers, rewrites),
                MirrorReader.read(field),
                timeout,
                RetryReader.read(field.get("retries")),
                delegated,
                origin(field));
    }

    private static Origin origin(Field field) {
        return field.origin();
    }

    private static @Nullable Duration timeout(Field field) {
        return field.duration().filter(duration -> !duration.isZero()).orElse(null);
    }

    private static void checkActions(Field field, List<Target> targets, String delegate) {
        List<String> actions =
                Stream.of("route", "redirect", "directResponse", "delegate")
                        .filter(name -> field.get(name).isPresent())
                        .toList();
        boolean forwards = actions.contains("route");
        if (actions.size() > 1) {
            field.error(
                    Code.CONTRADICTION,
                    String.join(" and ", actions)
                            + " (expected: one of route, redirect, directResponse and delegate)",
                    "keep one of them");
        } else if (actions.isEmpty()
                || forwards && field.get("route").items().isEmpty()
                || actions.contains("delegate") && delegate.isEmpty()) {
            field.get("route").reportMissing();
        }
    }

    private static String delegate(Field delegate) {
        if (!delegate.isPresent()) {
            return "";
        }
        String namespace = delegate.get("namespace").text(delegate.resource().namespace());
        return namespace + "/" + delegate.get("name").required();
    }

    /** Reads the rewrite; what depends on the match is returned, the rest becomes a filter. */
    private static @Nullable String rewrite(Field rewrite, List<Filter> filters) {
        if (!rewrite.isPresent()) {
            return null;
        }
        String authority = rewrite.get("authority").text().orElse(null);
        Field regex = rewrite.get("uriRegexRewrite");
        io.weft.model.route.PathRewrite path = null;
        if (regex.isPresent()) {
            String pattern = regex.get("match").regex().orElse("");
            path =
                    new io.weft.model.route.PathRewrite.Regex(
                            pattern, regex.get("rewrite").text(""));
        }
        if (authority != null || path != null) {
            filters.add(new Filter.Rewrite(path, authority, rewrite.origin()));
        }
        return rewrite.get("uri").text().orElse(null);
    }

    private static List<Target> targets(Field route) {
        List<Target> targets = new ArrayList<>();
        List<Field> items = route.items();
        for (Field item : items) {
            OptionalInt weight = item.get("weight").integer(0, Integer.MAX_VALUE / 1_000_000);
            int share = weight.orElse(items.size() == 1 ? 100 : 0);
            List<Filter> filters = new ArrayList<>();
            HeaderReader.read(item.get("headers"), filters);
            Target target = DestinationReader.read(item.get("destination"), share, filters, item);
            if (share > 0) {
                targets.add(target);
            }
        }
        if (!items.isEmpty() && targets.isEmpty()) {
            route.error(
                    Code.WEIGHTS,
                    "the weights sum to 0 (expected: at least one above 0)",
                    "give one destination a weight");
        }
        return targets;
    }

    /** Shares of mirrored traffic. */
    static final class MirrorReader {

        private MirrorReader() {}

        static List<HttpRouteSpec.MirrorSpec> read(Field route) {
            List<HttpRouteSpec.MirrorSpec> mirrors = new ArrayList<>();
            Field mirror = route.get("mirror");
            Field percentage = route.get("mirrorPercentage");
            Fraction share = Fractions.percent(percentage, Fraction.ALL);
            for (String old : List.of("mirrorPercent", "mirror_percent")) {
                Field legacy = route.get(old);
                if (legacy.isPresent()) {
                    legacy.warn(
                            Code.LEGACY_FIELD,
                            "read as mirrorPercentage.value",
                            "write mirrorPercentage: {value: …}");
                    share = Fraction.ofPercent(legacy.integer(0, 100, 100));
                }
            }
            if (mirror.isPresent()) {
                add(mirrors, mirror, mirror, share);
            }
            for (Field item : route.get("mirrors").items()) {
                Fraction each = Fractions.percent(item.get("percentage"), Fraction.ALL);
                add(mirrors, item.get("destination"), item, each);
            }
            return mirrors;
        }

        private static void add(
                List<HttpRouteSpec.MirrorSpec> mirrors,
                Field destination,
                Field holder,
                Fraction share) {
            Target target = DestinationReader.read(destination, 1, List.of(), holder);
            if (share.partsPerMillion() > 0) {
                mirrors.add(new HttpRouteSpec.MirrorSpec(target, share, holder.origin()));
            }
        }
    }

    /** The retries of a route. */
    static final class RetryReader {

        private RetryReader() {}

        /** Null where nothing is said. */
        static MeshSettings.@Nullable Retries read(Field retries) {
            if (!retries.isPresent()) {
                return null;
            }
            int attempts = retries.get("attempts").integer(0, 1000, MeshDefaults.RETRIES);
            RetryOnText on = RetryOnText.read(retries.get("retryOn"));
            RetryPolicy policy =
                    new RetryPolicy(
                            attempts,
                            timeout(retries.get("perTryTimeout")),
                            on.conditions(),
                            on.statuses(),
                            retries.get("backoff").duration().orElse(MeshDefaults.BACK_OFF_BASE),
                            retries.get("backoff")
                                    .duration()
                                    .map(base -> base.multipliedBy(10))
                                    .orElse(MeshDefaults.BACK_OFF_MAX),
                            null,
                            retries.get("retryIgnorePreviousHosts").bool(true),
                            retries.get("retryRemoteLocalities").bool(false),
                            retries.origin());
            return new MeshSettings.Retries(attempts == 0 ? null : policy);
        }
    }
}
