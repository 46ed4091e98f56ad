package io.weft.compiler.dialect.consul;

import io.weft.compiler.conformance.ConformanceData;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.conformance.Score;
import io.weft.compiler.dialect.consul.acl.AclRules;
import io.weft.compiler.dialect.consul.intention.Intention;
import io.weft.compiler.dialect.consul.intention.Permission;
import io.weft.compiler.dialect.consul.intention.Precedence;
import io.weft.compiler.dialect.consul.intention.Source;
import io.weft.model.Origin;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Consul's own cases of which intention holds, and of what remains of several. */
class PrecedenceConformanceTest {

    private static final int AUTHORIZE_REACHED = 13;
    private static final int PRECEDENCE_REACHED = 28;
    private static final int RETAINED_REACHED = 13;
    private static final int ACL_REACHED = 8;
    private static final int VALIDATION_REACHED = 15;

    private static Json data(String file) {
        return ConformanceData.set("consul-intentions").json(file);
    }

    @Test
    void coversTheSourcesAndDestinationsThatItNames() {
        Score score = new Score("consul-intentions/authorize");
        for (Json one : data("authorize.json").get("cases").items()) {
            Intention intention = intention(one.get("intention"));
            Json target = one.get("target");
            String side = one.get("matchType").text();
            boolean known = Set.of("source", "destination").contains(side);
            boolean matches =
                    known
                            && intention.covers(
                                    Intention.Side.valueOf(side.toUpperCase(Locale.ROOT)),
                                    target.get("name").text(),
                                    namespace(target.get("namespace")),
                                    target.get("peer").text());
            boolean authorized = matches && intention.allowsConnections();
            Json expected = one.get("expected");
            score.record(
                    one.get("name").text(),
                    matches == expected.get("matches").bool()
                            && authorized == expected.get("authorized").bool(),
                    "matches " + matches + ", authorized " + authorized);
        }
        score.atLeast(AUTHORIZE_REACHED);
    }

    @Test
    void ordersAndDisplaysIntentions() {
        Json set = data("precedence.json");
        Score score = new Score("consul-intentions/precedence");
        for (Json one : set.get("sort").items()) {
            List<Intention> sorted =
                    intentions(one.get("input")).stream().sorted(Precedence.ORDER).toList();
            compare(score, "sort " + one.get("name"), sorted, intentions(one.get("expectedOrder")));
        }
        for (Json one : set.get("removeSameSource").items()) {
            compare(
                    score,
                    "removeSameSource " + one.get("name"),
                    Precedence.withoutSameSource(intentions(one.get("input"))),
                    intentions(one.get("expected")));
        }
        for (Json one : set.get("simplifyNotSources").items()) {
            compare(
                    score,
                    "simplifyNotSources " + one.get("name"),
                    Precedence.simplified(sources(one.get("input"))),
                    sources(one.get("expected")));
        }
        for (Json one : set.get("sourceIsMoreSpecific").items()) {
            compare(
                    score,
                    "sourceIsMoreSpecific " + one,
                    source(one.get("source")).isMoreSpecificThan(source(one.get("against"))),
                    one.get("expected").bool());
        }
        for (Json one : set.get("display").items()) {
            compare(
                    score,
                    "display " + one.get("name"),
                    intention(one.get("intention")).display(),
                    one.get("expected").text());
        }
        score.atLeast(PRECEDENCE_REACHED);
    }

    @Test
    void knowsWhatRemainsOfIntentions() {
        Score score = new Score("consul-intentions/rbac-retained (intentions)");
        for (Json one : data("rbac-retained.json").get("cases").items()) {
            Effect byDefault = effect(one.get("defaultAction").text());
            List<Intention> ordered =
                    intentions(one.get("intentions")).stream().sorted(Precedence.ORDER).toList();
            List<String> actual =
                    Precedence.retained(ordered, byDefault).stream()
                            .map(PrecedenceConformanceTest::retained)
                            .toList();
            List<String> expected = new ArrayList<>();
            for (Json each : one.get("expectedRetained").items()) {
                expected.add(
                        source(each.get("source"))
                                + " "
                                + each.get("action").text()
                                + " "
                                + each.get("precedence").text()
                                + " except "
                                + each.get("notSources").items().stream()
                                        .map(PrecedenceConformanceTest::source)
                                        .toList()
                                + " permissions "
                                + each.get("permissions").items().size());
            }
            compare(score, one.get("name").text(), actual, expected);
        }
        score.atLeast(RETAINED_REACHED);
    }

    private static String retained(Precedence.Retained retained) {
        Intention intention = retained.intention();
        Effect effect = intention.effect();
        return intention.source()
                + " "
                + (effect == null ? "layer7" : effect.name().toLowerCase(Locale.ROOT))
                + " "
                + intention.precedence()
                + " except "
                + retained.except()
                + " permissions "
                + retained.permissions().size();
    }

    @Test
    void readsRulesOfAccessControlLists() {
        Score score = new Score("consul-intentions/acl");
        for (Json one : data("acl.json").get("cases").items()) {
            List<AclRules.Rule> rules = new ArrayList<>();
            for (Json rule : one.get("rules").items()) {
                rules.add(
                        new AclRules.Rule(
                                rule.get("resource").text().endsWith("_prefix"),
                                rule.get("segment").text(),
                                AclRules.Access.parse(rule.get("intentions").text())
                                        .orElseThrow()));
            }
            Intention intention = intention(one.get("intention"));
            AclRules acl = new AclRules(rules);
            Json expected = one.get("expected");
            compare(
                    score,
                    one.get("name").text(),
                    List.of(acl.mayRead(intention), acl.mayWrite(intention)),
                    List.of(expected.get("read").bool(), expected.get("write").bool()));
        }
        score.atLeast(ACL_REACHED);
    }

    @Test
    void refusesIntentionsThatConsulRefuses() {
        Score score = new Score("consul-intentions/intention-validation");
        for (Json one : data("intention-validation.json").get("cases").items()) {
            ConsulCases cases =
                    new ConsulCases().entry(ConsulCases.intention(one.get("intention")));
            cases.compile(true);
            boolean refused = !cases.errors().isEmpty();
            score.record(
                    one.get("name").text(),
                    refused == one.has("errorSubstring"),
                    refused ? cases.errorText() : "accepted");
        }
        score.atLeast(VALIDATION_REACHED);
    }

    private static void compare(Score score, String name, Object actual, Object expected) {
        score.record(name, actual.equals(expected), actual + " (expected: " + expected + ")");
    }

    private static String namespace(Json value) {
        return value.text().isEmpty() ? "default" : value.text();
    }

    private static Source source(Json source) {
        return new Source(source.get("name").text(), "default", source.get("peer").text(), "");
    }

    private static List<Source> sources(Json names) {
        return names.items().stream()
                .map(name -> new Source(name.text(), "default", "", ""))
                .toList();
    }

    private static List<Intention> intentions(Json list) {
        return list.items().stream().map(PrecedenceConformanceTest::intention).toList();
    }

    private static Effect effect(String action) {
        return action.equals("allow") ? Effect.ALLOW : Effect.DENY;
    }

    private static Intention intention(Json one) {
        Origin origin = Origin.builtIn("a case");
        List<Permission> permissions =
                one.get("Permissions").items().stream()
                        .map(p ->
                                new Permission(
                                        effect(p.get("Action").text()), Match.ALWAYS, null, origin))
                        .toList();
        return new Intention(
                one.get("DestinationName").text(),
                namespace(one.get("DestinationNS")),
                new Source(
                        one.get("SourceName").text(),
                        namespace(one.get("SourceNS")),
                        one.get("SourcePeer").text(),
                        one.get("SourceSamenessGroup").text()),
                permissions.isEmpty() ? effect(one.get("Action").text()) : null,
                permissions,
                null,
                origin);
    }
}
