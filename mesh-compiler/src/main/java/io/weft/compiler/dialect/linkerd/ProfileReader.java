package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.ServiceId;
import io.weft.model.route.RetryBudget;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ServiceProfiles. */
final class ProfileReader {

    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final double DEFAULT_RATIO = 0.2;
    private static final double DEFAULT_MIN = 10;
    private static final Duration DEFAULT_TTL = Duration.ofSeconds(10);
    private static final Duration LONGEST_TTL = Duration.ofSeconds(60);
    private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
    private static final double MAX_RATIO = 1000;

    private final Field root;
    private final String key;

    private ProfileReader(Field root) {
        this.root = root;
        this.key = "linkerd:" + root.resource().namespace() + "/" + root.resource().name();
    }

    static Optional<ProfileSpec> read(Field root) {
        RawResource resource = root.resource();
        if (!NAME.matcher(resource.name()).matches()) {
            root.get("metadata")
                    .get("name")
                    .reportValue(resource.name(), "the fully qualified host name of a service");
            return Optional.empty();
        }
        return Optional.of(new ProfileReader(root).profile());
    }

    private ProfileSpec profile() {
        Field spec = root.get("spec");
        Optional<RetryBudget> budget =
                budget(spec.get("retryBudget"), key, true)
                        .or(() ->
                                spec.get("retryBudget").isPresent()
                                        ? Optional.empty()
                                        : Optional.of(standard(key)));
        List<ProfileSpec.Line> routes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Field route : spec.get("routes").items()) {
            if (!route.isPresent()) {
                route.error(Code.MISSING_FIELD, "a null route", "write name and condition");
                continue;
            }
            route(route, budget.orElse(null), names).ifPresent(routes::add);
        }
        List<Target> overrides = Overrides.read(spec.get("dstOverrides"), root.resource().name());
        spec.get("opaquePorts").unsupported("the port's declared protocol counts");
        budget.ifPresent(shared -> reportUnusedBudget(spec.get("retryBudget"), shared, routes));
        if (routes.isEmpty() && overrides.isEmpty()) {
            root.info(Code.UNDERSTOOD, "no route and no override: the profile overrides nothing");
        }
        String host = root.resource().name();
        if (!host.endsWith("." + ServiceId.DOMAIN_SUFFIX) && host.indexOf('.') > 0) {
            root.info(
                    Code.UNDERSTOOD,
                    "understood as a host of the outside too: callers of namespace "
                            + root.resource().namespace()
                            + " know it on ports 80 and 443; what they send through TLS of their"
                            + " own cannot be told apart, so routes hold on port 80 only");
        }
        return new ProfileSpec(
                root.resource().namespace(),
                root.resource().name().toLowerCase(Locale.ROOT),
                routes,
                overrides,
                root.origin());
    }

    private static void reportUnusedBudget(
            Field field, RetryBudget shared, List<ProfileSpec.Line> routes) {
        boolean used = routes.stream().anyMatch(r -> shared.equals(r.retry().budget()));
        if (field.isPresent() && !used) {
            field.warn(
                    Code.INEFFECTIVE_POLICY,
                    "bounds nothing: no route is retryable without a budget of its own",
                    "set isRetryable: true on the routes that are safe to repeat");
        }
    }

    private Optional<ProfileSpec.Line> route(
            Field route, @Nullable RetryBudget shared, Set<String> names) {
        String name = route.get("name").required();
        Field condition = route.get("condition");
        if (!condition.isPresent()) {
            condition.reportMissing();
            return Optional.empty();
        }
        if (!name.isEmpty() && !names.add(name)) {
            route.get("name")
                    .warn(
                            Code.CONTRADICTION,
                            "route '" + name + "' is there twice: their metrics are one",
                            "give each route a name of its own");
        }
        Set<Integer> failures = failures(route.get("responseClasses"));
        boolean retryable = route.get("isRetryable").bool(false);
        Field own = route.get("retryBudget");
        RetryBudget budget = shared;
        boolean allowed = shared != null;
        if (own.isPresent()) {
            Optional<RetryBudget> ofRoute = budget(own, key + "/" + name, false);
            budget = ofRoute.orElse(null);
            allowed = ofRoute.isPresent();
            boolean implied = !retryable && !route.has("isRetryable");
            own.warn(
                    Code.LEGACY_FIELD,
                    "Linkerd knows retryBudget in spec only; read as a budget of route '"
                            + name
                            + "' alone"
                            + (implied ? ", which makes the route retryable" : ""),
                    "write isRetryable: true here and retryBudget in spec");
            retryable |= implied;
        }
        return Optional.of(
                new ProfileSpec.Line(
                        name,
                        ProfileConditions.request(condition),
                        new Timeouts(route.get("timeout").duration().orElse(null), null),
                        retryable && allowed && budget != null
                                ? retry(route, failures, budget)
                                : Connections.retry(route.origin()),
                        route.origin()));
    }

    /** First class that matches decides, else 5xx is a failure. */
    private static Set<Integer> failures(Field classes) {
        record ResponseClass(IntPredicate matches, boolean failure) {}
        List<ResponseClass> read = new ArrayList<>();
        for (Field item : classes.items()) {
            Field condition = item.get("condition");
            if (!item.isPresent() || !condition.isPresent()) {
                item.error(
                        Code.MISSING_FIELD, "a response class without condition", "add condition");
                continue;
            }
            read.add(
                    new ResponseClass(
                            ProfileConditions.response(condition),
                            item.get("isFailure").bool(false)));
        }
        Set<Integer> failures = new TreeSet<>();
        for (int status = 100; status < 600; status++) {
            int code = status;
            boolean failure =
                    read.stream()
                            .filter(c -> c.matches().test(code))
                            .findFirst()
                            .map(ResponseClass::failure)
                            .orElse(code >= 500);
            if (failure) {
                failures.add(code);
            }
        }
        return failures;
    }

    /**
     * Failed answers are tried again at once, as often as the budget allows. A connection that does
     * not come about counts too, since Linkerd's balancer would never have picked its endpoint.
     */
    private static RetryPolicy retry(Field route, Set<Integer> failures, RetryBudget budget) {
        return new RetryPolicy(
                Integer.MAX_VALUE,
                null,
                Set.of(
                        RetryOn.RETRIABLE_STATUS_CODES,
                        // What Linkerd takes as a failure of a call, unless it is told otherwise.
                        RetryOn.GRPC_DATA_LOSS,
                        RetryOn.GRPC_DEADLINE_EXCEEDED,
                        RetryOn.GRPC_INTERNAL,
                        RetryOn.GRPC_PERMISSION_DENIED,
                        RetryOn.GRPC_UNAVAILABLE,
                        RetryOn.GRPC_UNKNOWN,
                        RetryOn.CONNECT_FAILURE),
                failures,
                Duration.ZERO,
                Duration.ZERO,
                budget,
                false,
                false,
                route.origin());
    }

    private static RetryBudget standard(String key) {
        return new RetryBudget(key, DEFAULT_RATIO, DEFAULT_MIN, DEFAULT_TTL);
    }

    /** Empty when there is none, or when its bounds disable retries. */
    private static Optional<RetryBudget> budget(Field budget, String key, boolean complete) {
        if (!budget.isPresent()) {
            return Optional.empty();
        }
        double ratio = budget.get("retryRatio").number(0, Double.MAX_VALUE).orElse(DEFAULT_RATIO);
        int min = budget.get("minRetriesPerSecond").integer(0, Integer.MAX_VALUE, 0);
        if (!budget.get("minRetriesPerSecond").isPresent()) {
            min = (int) DEFAULT_MIN;
        }
        Field ttlField = budget.get("ttl");
        if (complete && !ttlField.isPresent()) {
            ttlField.reportMissing();
        }
        Duration ttl = ttlField.duration().orElse(DEFAULT_TTL);
        if (ttl.compareTo(SHORTEST_TTL) < 0
                || ttl.compareTo(LONGEST_TTL) > 0
                || ratio > MAX_RATIO) {
            budget.warn(
                    Code.INEFFECTIVE_POLICY,
                    "ttl "
                            + LinkerdDuration.text(ttl)
                            + ", retryRatio "
                            + ratio
                            + " (expected: 1s..60s, 0..1000): as in"
                            + " Linkerd such a budget disables retries",
                    "choose a ttl from 1s to 60s");
            return Optional.empty();
        }
        return Optional.of(new RetryBudget(key, ratio, min, ttl));
    }
}
