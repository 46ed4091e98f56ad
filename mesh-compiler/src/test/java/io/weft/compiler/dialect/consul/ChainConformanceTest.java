package io.weft.compiler.dialect.consul;

import io.weft.compiler.conformance.ConformanceData;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.conformance.Score;
import io.weft.compiler.dialect.consul.chain.ChainCompiler;
import io.weft.compiler.dialect.consul.chain.ChainEntries;
import io.weft.compiler.dialect.consul.chain.ChainException;
import io.weft.compiler.dialect.consul.chain.ChainRequest;
import io.weft.compiler.dialect.consul.chain.DiscoveryChain;
import io.weft.compiler.dialect.consul.chain.ResolverSpec;
import io.weft.compiler.dialect.consul.chain.RouterSpec;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.chain.ServiceSettings;
import io.weft.compiler.dialect.consul.chain.SplitterSpec;
import io.weft.model.Locality;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Consul's own discovery chains: the same nodes, routes, splits, targets and errors. */
class ChainConformanceTest {

    private static final int REACHED = 57;

    /** The entries of a case, with the places of its peers. */
    private record CaseEntries(Entries entries, Json peers) implements ChainEntries {
        @Override
        public @Nullable RouterSpec router(ServiceName service) {
            return entries.router(service);
        }

        @Override
        public @Nullable SplitterSpec splitter(ServiceName service) {
            return entries.splitter(service);
        }

        @Override
        public @Nullable ResolverSpec resolver(ServiceName service) {
            return entries.resolver(service);
        }

        @Override
        public @Nullable ServiceSettings settings(ServiceName service) {
            return entries.settings(service);
        }

        @Override
        public @Nullable ServiceSettings proxyDefaults() {
            return entries.proxyDefaults();
        }

        @Override
        public Locality peerLocality(String peer) {
            for (Json one : peers.items()) {
                Json where = one.get("Remote").get("Locality");
                if (one.get("Name").text().equals(peer)) {
                    return new Locality(where.get("Region").text(), where.get("Zone").text(), "");
                }
            }
            return Locality.UNKNOWN;
        }

        @Override
        public List<String> peersOf(String samenessGroup) {
            return entries.peersOf(samenessGroup);
        }
    }

    @Test
    void compilesTheChainsThatConsulCompiles() {
        Json set = ConformanceData.set("consul-intentions").json("discovery-chain.json");
        Json asked = set.get("request");
        Score score = new Score("consul-intentions/discovery-chain");
        Score texts = new Score("consul-intentions/discovery-chain (texts of errors)");
        for (Json one : set.get("cases").items()) {
            ConsulCases cases = new ConsulCases();
            one.get("entries").items().forEach(cases::entry);
            CaseEntries entries = new CaseEntries(cases.compile(true).entries(), one.get("peers"));
            ChainRequest request =
                    new ChainRequest(
                            new ServiceName(
                                    asked.get("serviceName").text(), asked.get("namespace").text()),
                            asked.get("datacenter").text(),
                            asked.get("trustDomain").text(),
                            one.get("request").get("overrideProtocol").text(),
                            false);
            judge(score, texts, one, entries, request);
        }
        texts.atLeast(12);
        score.atLeast(REACHED);
    }

    private static void judge(
            Score score, Score texts, Json one, ChainEntries entries, ChainRequest request) {
        String name = one.get("name").text();
        String wanted = one.get("expectedError").text();
        try {
            DiscoveryChain chain = ChainCompiler.compile(entries, request);
            if (!wanted.isEmpty()) {
                score.record(name, false, "compiled (expected: " + wanted + ")");
                return;
            }
            Map<String, Object> actual = ChainText.of(chain, one.get("entries").items());
            Object expected = ChainText.normal(one.get("expected").value());
            boolean customized = one.get("expectCustomized").bool();
            score.record(
                    name,
                    actual.equals(expected) && chain.customized() == customized,
                    actual + "\n      instead of " + expected);
        } catch (ChainException e) {
            score.record(name, !wanted.isEmpty(), String.valueOf(e.getMessage()));
            texts.record(
                    name,
                    String.valueOf(e.getMessage()).contains(wanted),
                    e.getMessage() + " (expected: " + wanted + ")");
        }
    }
}
