package io.weft.compiler.dialect.consul;

import io.weft.compiler.conformance.ConformanceData;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.conformance.Score;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.dialect.consul.chain.ChainCompiler;
import io.weft.compiler.dialect.consul.chain.HeaderModifiers;
import io.weft.compiler.dialect.consul.chain.RouterSpec;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.chain.SplitterSpec;
import io.weft.compiler.dialect.consul.chain.SplitterSpec.SplitSpec;
import io.weft.compiler.dialect.consul.intention.Intention;
import io.weft.compiler.dialect.consul.intention.Precedence;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.ResourceParser;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Consul's own cases of configuration entries: what is valid is read, what is not is refused. */
class EntriesConformanceTest {

    private static final int ENTRIES_REACHED = 154;
    private static final int PARTS_REACHED = 67;

    private static Json data() {
        return ConformanceData.set("consul-intentions").json("config-entries.json");
    }

    @Test
    void acceptsAndRefusesEntriesAsConsulDoes() {
        Json groups = data().get("groups");
        Score score = new Score("consul-intentions/config-entries");
        for (String group : groups.names()) {
            for (Json one : groups.get(group).items()) {
                // An entry is checked alone here, so the provider that it names is added.
                ConsulCases cases =
                        new ConsulCases().provider("okta", "okta.test").entry(one.get("entry"));
                ConsulPolicies policies = cases.compile(true);
                // What it refers to is not there: chains are a set of their own.
                boolean refused = cases.errors().stream().anyMatch(d -> d.code() != Code.CHAIN);
                boolean wanted = one.has("errorSubstring");
                String wrong =
                        refused != wanted
                                ? refused ? cases.errorText() : "accepted"
                                : refused ? "" : differences(one, policies);
                score.record(
                        group + ": " + one.get("name").text(),
                        wrong.isEmpty(),
                        wrong + " (expected: " + one.get("errorSubstring").text() + ")");
            }
        }
        score.atLeast(ENTRIES_REACHED);
    }

    private static String differences(Json one, ConsulPolicies policies) {
        ServiceName test = new ServiceName("test", "default");
        if (one.has("expectedWeights")) {
            List<Double> actual =
                    Objects.requireNonNull(policies.entries().splitter(test)).splits().stream()
                            .map(split -> split.hundredths() / 100.0)
                            .toList();
            List<Double> expected =
                    one.get("expectedWeights").items().stream()
                            .map(w -> Double.valueOf(w.text()))
                            .toList();
            return actual.equals(expected) ? "" : actual + " instead of " + expected;
        }
        if (one.has("expectedMethods")) {
            RouterSpec router = Objects.requireNonNull(policies.entries().router(test));
            String text = router.routes().getFirst().match().toString();
            boolean all =
                    one.get("expectedMethods").items().stream()
                            .allMatch(method -> text.contains("value=" + method.text()));
            return all ? "" : text;
        }
        return one.has("expectedSources") ? sources(one) : "";
    }

    private static String sources(Json one) {
        Diagnostics diagnostics = new Diagnostics();
        String text = new JsonMapper().writeValueAsString(ConsulCases.map(one.get("entry")));
        Field root =
                Field.open(
                        new ResourceParser(diagnostics).parse("e.json", text).getFirst(),
                        Dialect.CONSUL,
                        diagnostics);
        List<Intention> sorted =
                new IntentionReader(new Peers(), new JwtProviders())
                        .read(root).stream().sorted(Precedence.ORDER).toList();
        List<String> actual = new ArrayList<>();
        for (Intention intention : sorted) {
            actual.add(
                    intention.source().name()
                            + " "
                            + (intention.effect() == null
                                    ? ""
                                    : intention.effect().name().toLowerCase(Locale.ROOT))
                            + " "
                            + intention.permissions().size());
        }
        List<String> expected = new ArrayList<>();
        for (Json source : one.get("expectedSources").items()) {
            expected.add(
                    source.get("Name").text()
                            + " "
                            + source.get("Action").text()
                            + " "
                            + source.get("Permissions").items().size());
        }
        // Of equal precedence Consul keeps the order of the file, and we the names.
        boolean same =
                actual.size() == expected.size()
                        && actual.containsAll(expected)
                        && actual.getLast().equals(expected.getLast());
        return same ? "" : actual + " instead of " + expected;
    }

    @Test
    void readsThePartsOfEntriesAsConsulDoes() {
        Json set = data();
        Score score = new Score("consul-intentions/config-entries (parts)");
        for (String kind : List.of("valid", "invalid")) {
            for (Json name : set.get("subsetNames").get(kind).items()) {
                score.record(
                        "subset '" + name.text() + "'",
                        ResolverReader.isSubsetName(name.text()) == kind.equals("valid"),
                        "is not " + kind);
            }
        }
        for (Json one : set.get("retryConditions").items()) {
            score.record(
                    "retry on " + one.get("condition").text(),
                    RouterReader.isCondition(one.get("condition").text())
                            == one.get("valid").bool(),
                    "is not so");
        }
        for (Json one : set.get("protocols").items()) {
            score.record(
                    "protocol " + one.get("protocol").text(),
                    ChainCompiler.isHttpLike(one.get("protocol").text())
                            == one.get("httpLike").bool(),
                    "is not so");
        }
        for (Json one : set.get("splitHeaderMerge").items()) {
            SplitSpec merged = SplitSpec.merged(split(one.get("child")), split(one.get("parent")));
            SplitSpec expected = split(one.get("expected"));
            score.record(
                    one.get("name").text(),
                    Objects.equals(merged, expected),
                    merged + " instead of " + expected);
        }
        score.atLeast(PARTS_REACHED);
    }

    static @Nullable SplitSpec split(Json json) {
        if (!json.isPresent()) {
            return null;
        }
        return new SplitSpec(
                (int) Math.round(Double.parseDouble(json.get("Weight").text()) * 100),
                json.get("Service").text(),
                json.get("ServiceSubset").text(),
                json.get("Namespace").text(),
                headers(json.get("RequestHeaders")),
                headers(json.get("ResponseHeaders")),
                Origin.builtIn("a case"));
    }

    private static HeaderModifiers headers(Json json) {
        return new HeaderModifiers(
                texts(json.get("Add")),
                texts(json.get("Set")),
                json.get("Remove").items().stream().map(Json::text).toList());
    }

    private static Map<String, String> texts(Json json) {
        Map<String, String> texts = new LinkedHashMap<>();
        json.names().forEach(name -> texts.put(name, json.get(name).text()));
        return texts;
    }

    @Test
    void aWholeSplitterIsTenThousandHundredths() {
        // The unit that the weights of the set are compared in.
        org.assertj.core.api.Assertions.assertThat(SplitterReader.hundredths(100))
                .isEqualTo(SplitterSpec.WHOLE);
    }
}
