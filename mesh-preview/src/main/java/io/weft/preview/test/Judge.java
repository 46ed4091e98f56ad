package io.weft.preview.test;

import io.weft.compiler.policytest.TestExpectation;
import io.weft.compiler.policytest.TestExpectation.Decision;
import io.weft.compiler.policytest.TestExpectation.ExpectedShare;
import io.weft.compiler.policytest.TestExpectation.ResourceName;
import io.weft.engine.explain.Explanation;
import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.preview.Answer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what becomes of a request with what is expected. For one answer. */
final class Judge {

    private static final double ROUNDING = 0.001;

    private final TestExpectation expect;
    private final String namespace;
    private final Map<String, MeshResource> client;
    private final Set<TestResult.Mismatch> found = new LinkedHashSet<>();

    Judge(TestExpectation expect, String namespace, Map<String, MeshResource> client) {
        this.expect = expect;
        this.namespace = namespace;
        this.client = client;
    }

    /** Every destination that gets requests must come out as expected. */
    List<TestResult.Mismatch> mismatches(Answer answer) {
        if (answer.shares().size() < 2) {
            whole(answer.explanation(), "");
        } else {
            boolean uniform = answer.isUniform();
            answer.shares()
                    .forEach(share ->
                            whole(
                                    share.explanation(),
                                    uniform ? "" : " at " + share.destination()));
        }
        Explanation explanation = answer.explanation();
        if (!expect.shares().isEmpty()) {
            shares(explanation);
        }
        ResourceName route = expect.route();
        if (route != null) {
            route(route, explanation);
        }
        return new ArrayList<>(found);
    }

    private void whole(Explanation explanation, String where) {
        Explanation.Decision end = explanation.decision();
        Decision decision = expect.decision();
        if (decision != null && decision != decision(end.result())) {
            String got = decision(end.result()).text() + " with " + end.status();
            differs("decision" + where, decision.text(), got, end.origin());
        }
        if (expect.status() != 0 && expect.status() != end.status()) {
            differs(
                    "status" + where,
                    Integer.toString(expect.status()),
                    Integer.toString(end.status()),
                    end.origin());
        }
        ResourceName by = expect.decidedBy();
        if (by != null && !by.covers(end.origin())) {
            differs("decidedBy" + where, by.toString(), name(end.origin()), end.origin());
        }
        if (!expect.path().isEmpty()) {
            Explanation.Sent sent = explanation.sent();
            String got = sent == null ? "not sent" : sent.target();
            if (!got.equals(expect.path())) {
                differs("path" + where, expect.path(), got, routeOrigin(explanation));
            }
        }
    }

    private static Decision decision(Explanation.Result result) {
        return switch (result) {
            case ALLOWED -> Decision.ALLOWED;
            case DENIED -> Decision.DENIED;
            case ASKS_EXTERNAL -> Decision.ASKS_EXTERNAL;
            case ANSWERED -> Decision.ANSWERED;
            case NO_ROUTE -> Decision.NO_ROUTE;
        };
    }

    private void route(ResourceName route, Explanation explanation) {
        Explanation.RouteChoice choice = explanation.route();
        if (choice == null) {
            differs("route", route.toString(), "none", explanation.decision().origin());
        } else if (!route.covers(choice.routeOrigin())) {
            Origin origin = choice.routeOrigin();
            differs("route", route.toString(), name(origin), origin);
        }
    }

    private void shares(Explanation explanation) {
        Explanation.RouteChoice route = explanation.route();
        List<Explanation.Share> got =
                route == null
                        ? List.of()
                        : route.destinations().stream().filter(s -> s.weight() > 0).toList();
        List<ExpectedShare> wanted =
                expect.shares().stream().filter(share -> share.weight() > 0).toList();
        double total = wanted.stream().mapToLong(ExpectedShare::weight).sum();
        List<Explanation.Share> rest = new ArrayList<>(got);
        boolean same = got.size() == wanted.size();
        for (ExpectedShare each : wanted) {
            double percent = 100 * each.weight() / total;
            same &=
                    rest.removeIf(share ->
                            isDestination(each, share.destination())
                                    && Math.abs(share.percent() - percent) < ROUNDING);
        }
        if (!same) {
            boolean one = wanted.size() == 1;
            differs(
                    one ? "destination" : "shares",
                    wanted.stream()
                            .map(each -> text(each, one ? -1 : 100 * each.weight() / total))
                            .collect(Collectors.joining(", ")),
                    got.isEmpty()
                            ? "nobody"
                            : got.stream().map(Judge::text).collect(Collectors.joining(", ")),
                    route == null ? explanation.decision().origin() : route.routeOrigin());
        }
    }

    private boolean isDestination(ExpectedShare expected, String name) {
        return client.get(ResourceKeys.cluster(name)) instanceof Cluster cluster
                && isHost(expected.host(), cluster.host())
                && expected.subset().equals(cluster.subset())
                && (expected.port() == 0 || expected.port() == cluster.port());
    }

    private boolean isHost(String written, String host) {
        String lower = written.toLowerCase(Locale.ROOT);
        return host.equals(lower)
                || host.equals(lower + "." + ServiceId.DOMAIN_SUFFIX)
                || host.equals(lower + "." + namespace + "." + ServiceId.DOMAIN_SUFFIX);
    }

    private static String text(ExpectedShare share, double percent) {
        String subset = share.subset().isEmpty() ? "" : " subset " + share.subset();
        String port = share.port() == 0 ? "" : ":" + share.port();
        return share.host() + port + subset + (percent < 0 ? "" : " " + percent(percent));
    }

    private static String text(Explanation.Share share) {
        return share.destination() + " " + percent(share.percent());
    }

    private static String percent(double value) {
        return "%.4g".formatted(value).replaceFirst("\\.?0+$", "") + " %";
    }

    private static Origin routeOrigin(Explanation explanation) {
        Explanation.RouteChoice route = explanation.route();
        return route == null ? explanation.decision().origin() : route.routeOrigin();
    }

    private static String name(Origin origin) {
        return new ResourceName(origin.kind(), origin.namespace(), origin.name()).toString();
    }

    private void differs(String what, String expected, String got, Origin origin) {
        found.add(new TestResult.Mismatch(what, expected, got, origin));
    }
}
