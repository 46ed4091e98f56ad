package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTPLocalRateLimitPolicy: how many requests a second one proxy lets through to a Server's
 * port. Clients that an override names share its rate and are none of {@code identity}'s; all
 * others have a bucket for each identity, and one for those without; {@code total} is for all
 * together.
 */
record RateLimitSpec(String namespace, String server, List<Filter> filters, Origin origin) {

    private static final Duration SECOND = Duration.ofSeconds(1);

    RateLimitSpec {
        filters = List.copyOf(filters);
    }

    static RateLimitSpec read(Field root, Identities identities) {
        Field spec = root.get("spec");
        Field target = spec.get("targetRef");
        String kind = target.get("kind").required();
        target.get("group").text();
        if (!kind.isEmpty() && !kind.equals("Server")) {
            target.get("kind").reportValue(kind, "Server");
        }
        List<Filter> filters = new ArrayList<>();
        List<Match> overridden = new ArrayList<>();
        for (Field override : spec.get("overrides").items()) {
            Match clients = clients(override.get("clientRefs"), identities);
            overridden.add(clients);
            rate(override, "", clients, filters);
        }
        Field identity = spec.get("identity");
        if (identity.isPresent()) {
            Match others =
                    overridden.isEmpty() ? Match.ALWAYS : new Match.Not(Match.anyOf(overridden));
            rate(identity, ":peer", others, filters);
        }
        Field total = spec.get("total");
        if (total.isPresent()) {
            rate(total, "", Match.ALWAYS, filters);
        }
        if (filters.isEmpty()) {
            spec.warn(
                    Code.INEFFECTIVE_POLICY,
                    "neither total, identity nor overrides: nothing is limited",
                    "add total: {requestsPerSecond: 100}");
        }
        return new RateLimitSpec(
                root.resource().namespace(), target.get("name").required(), filters, root.origin());
    }

    private static Match clients(Field refs, Identities identities) {
        if (refs.items().isEmpty()) {
            refs.reportMissing();
        }
        List<Match> any = new ArrayList<>();
        for (Field ref : refs.items()) {
            String kind = ref.get("kind").required();
            ref.get("group").text();
            String namespace = ref.get("namespace").text(ref.resource().namespace());
            String name = ref.get("name").required();
            if (kind.equals("ServiceAccount")) {
                any.add(identities.serviceAccount(namespace, name));
            } else if (!kind.isEmpty()) {
                ref.get("kind").reportValue(kind, "ServiceAccount");
            }
        }
        return Match.anyOf(any);
    }

    private static void rate(Field field, String perKey, Match when, List<Filter> into) {
        Field rate = field.get("requestsPerSecond");
        if (!rate.isPresent()) {
            rate.reportMissing();
            return;
        }
        rate.integer(1, Integer.MAX_VALUE)
                .ifPresent(requests ->
                        into.add(
                                new Filter.LocalRateLimit(
                                        requests, SECOND, requests, perKey, when, field.origin())));
    }
}
