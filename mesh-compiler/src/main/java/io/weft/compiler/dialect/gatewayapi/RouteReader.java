package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Origin;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Routes of every kind. */
final class RouteReader {

    private static final Origin DEFAULT_RETRY =
            Origin.builtIn("2 retries of what is safe to repeat");
    private static final Duration BACK_OFF_MAX = Duration.ofSeconds(10);
    private static final int BACK_OFF_GROWTH = 10;

    private RouteReader() {}

    static RouteSpec read(RouteKind kind, Field root) {
        RawResource resource = root.resource();
        Field spec = root.get("spec");
        List<String> hostnames = new ArrayList<>();
        for (Field item : spec.get("hostnames").items()) {
            String host = Hostnames.read(item);
            if (!host.isEmpty()) {
                hostnames.add(host);
            }
        }
        if (kind == RouteKind.TCP && spec.get("hostnames").isPresent()) {
            spec.get("hostnames").unsupported("a TCPRoute has no host names");
        }
        spec.unsupported("every gateway of the class takes it", "useDefaultGateways");
        List<RuleSpec> rules = new ArrayList<>();
        List<Field> items = spec.get("rules").items();
        for (int i = 0; i < items.size(); i++) {
            rules.add(rule(kind, items.get(i), i));
        }
        if (items.isEmpty() && kind.isRequest() && !spec.get("rules").isPresent()) {
            // The API's default: one rule that matches everything and forwards nowhere.
            rules.add(rule(kind, spec.get("rules"), 0));
        } else if (items.isEmpty()) {
            spec.get("rules").reportMissing();
        }
        return new RouteSpec(
                kind,
                resource.namespace(),
                resource.name(),
                resource.creationTimestamp(),
                GatewayReader.generation(resource),
                ParentRef.read(spec.get("parentRefs"), resource.namespace()),
                hostnames,
                rules,
                root.origin());
    }

    private static RuleSpec rule(RouteKind kind, Field rule, int index) {
        List<MatchSpec> matches =
                switch (kind) {
                    case HTTP -> MatchReader.http(rule.get("matches"));
                    case GRPC -> MatchReader.grpc(rule.get("matches"));
                    case TLS, TCP -> List.of(MatchReader.EVERYTHING);
                };
        List<FilterSpec> filters =
                kind.isRequest() ? FilterReader.read(rule.get("filters")) : List.of();
        List<BackendSpec> backends = new ArrayList<>();
        for (Field item : rule.get("backendRefs").items()) {
            backends.add(
                    new BackendSpec(
                            backendRef(item),
                            item.get("weight").integer(0, 1_000_000, 1),
                            kind.isRequest() ? FilterReader.read(item.get("filters")) : List.of()));
        }
        if (kind.isRequest()) {
            rule.unsupported("the same client is not kept on one backend", "sessionPersistence");
            checkRedirects(rule, filters, backends);
            checkPrefixes(rule, matches, filters, backends);
        } else if (backends.isEmpty()) {
            rule.get("backendRefs").reportMissing();
        }
        Duration perTry = timeout(rule.get("timeouts").get("backendRequest"));
        Duration request = timeout(rule.get("timeouts").get("request"));
        if (perTry != null && request != null && perTry.compareTo(request) > 0) {
            rule.get("timeouts")
                    .get("backendRequest")
                    .error(
                            Code.CONTRADICTION,
                            "longer than timeouts.request (expected: at most "
                                    + request.toMillis()
                                    + "ms)",
                            "shorten it");
        }
        return new RuleSpec(
                rule.get("name").text(Integer.toString(index)),
                matches,
                filters,
                backends,
                new Timeouts(request, null),
                retry(rule.get("retry"), perTry),
                rule.origin());
    }

    private static ObjectRef backendRef(Field item) {
        ObjectRef ref = ObjectRef.read(item, "Service");
        if (ref.isService() && ref.port() == 0 && !item.get("port").isPresent()) {
            item.get("port").reportMissing();
        }
        return ref;
    }

    /** Shares of a rule are destinations; only a rule as a whole can be redirected. */
    private static void checkRedirects(
            Field rule, List<FilterSpec> filters, List<BackendSpec> backends) {
        boolean whole = filters.stream().anyMatch(FilterSpec.Redirect.class::isInstance);
        boolean share =
                backends.stream()
                        .filter(b -> b.weight() > 0)
                        .flatMap(b -> b.filters().stream())
                        .anyMatch(FilterSpec.Redirect.class::isInstance);
        long shares = backends.stream().filter(b -> b.weight() > 0).count();
        if (whole && !backends.isEmpty()) {
            rule.get("backendRefs")
                    .warn(
                            Code.CONTRADICTION,
                            "the rule redirects: its backends are never called",
                            "remove the backends or the redirect");
        } else if (share && shares > 1) {
            rule.get("backendRefs")
                    .error(
                            Code.NOT_ENFORCED,
                            "a redirect of one of " + shares + " backends cannot be expressed",
                            "put the redirect on the rule, or on a rule of its own");
        }
    }

    private static void checkPrefixes(
            Field rule,
            List<MatchSpec> matches,
            List<FilterSpec> filters,
            List<BackendSpec> backends) {
        List<FilterSpec> all = new ArrayList<>(filters);
        backends.forEach(b -> all.addAll(b.filters()));
        boolean replacesPrefix = false;
        for (FilterSpec filter : all) {
            FilterSpec.PathChange change =
                    switch (filter) {
                        case FilterSpec.Rewrite rewrite -> rewrite.path();
                        case FilterSpec.Redirect redirect -> redirect.path();
                        case FilterSpec.Ready _, FilterSpec.Mirror _, FilterSpec.Unknown _ -> null;
                    };
            replacesPrefix |= change != null && !change.full();
        }
        if (replacesPrefix && matches.stream().anyMatch(m -> m.prefix() == null)) {
            rule.get("matches")
                    .error(
                            Code.CONTRADICTION,
                            "ReplacePrefixMatch needs a path of type PathPrefix",
                            "match a PathPrefix, or use ReplaceFullPath");
        }
    }

    /** {@code 0s} is no time-out. */
    private static @Nullable Duration timeout(Field field) {
        return field.duration().filter(d -> !d.isZero()).orElse(null);
    }

    private static RetryPolicy retry(Field retry, @Nullable Duration perTry) {
        if (!retry.isPresent()) {
            RetryPolicy standard = MeshDefaults.retry(DEFAULT_RETRY);
            return perTry == null ? standard : withPerTry(standard, perTry);
        }
        Set<Integer> codes = new TreeSet<>();
        for (Field code : retry.get("codes").items()) {
            code.integer(400, 599).ifPresent(codes::add);
        }
        // Connection errors and time-outs of a try are retried whatever the codes are.
        Set<RetryOn> on =
                EnumSet.of(RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.RESET);
        if (!codes.isEmpty()) {
            on.add(RetryOn.RETRIABLE_STATUS_CODES);
        }
        Duration backOff = retry.get("backoff").duration().orElse(MeshDefaults.BACK_OFF_BASE);
        Duration longest =
                backOff.compareTo(BACK_OFF_MAX) >= 0
                        ? backOff
                        : min(backOff.multipliedBy(BACK_OFF_GROWTH), BACK_OFF_MAX);
        return new RetryPolicy(
                retry.get("attempts").integer(0, 1000, MeshDefaults.RETRIES),
                perTry,
                on,
                codes,
                backOff,
                longest,
                null,
                true,
                false,
                retry.origin());
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static RetryPolicy withPerTry(RetryPolicy policy, Duration perTry) {
        return new RetryPolicy(
                policy.retries(),
                perTry,
                policy.on(),
                policy.statuses(),
                policy.backOffBase(),
                policy.backOffMax(),
                policy.budget(),
                policy.avoidTriedHosts(),
                policy.otherLocalities(),
                policy.origin());
    }
}
