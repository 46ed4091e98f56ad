package io.weft.compiler.dialect.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.conformance.ConformanceData;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.conformance.Score;
import io.weft.engine.ForwardedClientCert;
import io.weft.model.SpiffeId;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The first caller in a forwarded-client-cert header. */
class ForwardedIdentityConformanceTest {

    private static final int REACHED = 3;

    @Test
    void theFirstElementNamesTheCaller() {
        Json set = ConformanceData.set("consul-intentions").json("xfcc-identity.json");
        Score score = new Score("consul-intentions/xfcc-identity");
        for (Json one : set.get("cases").items()) {
            String uri =
                    Objects.requireNonNull(
                            ForwardedClientCert.parse(one.get("xfcc").text()).getFirst().uri());
            SpiffeId caller = IntentionsConformanceTest.identity(uri);
            Json expected = one.get("expected");
            boolean same =
                    caller.trustDomain().equals(expected.get("trustDomain").text())
                            && caller.namespace().equals(expected.get("namespace").text())
                            && caller.serviceAccount().equals(expected.get("service").text())
                            && part(uri, "ap").equals(expected.get("partition").text())
                            && part(uri, "dc").equals(expected.get("datacenter").text());
            score.record(one.get("name").text(), same, uri);
        }
        score.atLeast(REACHED);
    }

    private static String part(String uri, String name) {
        List<String> parts = List.of(uri.split("/"));
        int at = parts.indexOf(name);
        return at < 0 ? "" : parts.get(at + 1);
    }

    @Test
    void separatorsInQuotesDoNotPartAndHalfAMemberIsNothing() {
        assertThat(
                        ForwardedClientCert.parse(
                                "Hash=a;Subject=\"CN=x,O=\\\"y;z\\\"\";URI=spiffe://a/b"))
                .singleElement()
                .satisfies(element -> {
                    assertThat(element.uri()).isEqualTo("spiffe://a/b");
                    assertThat(element.members()).containsEntry("subject", "CN=x,O=\"y;z\"");
                });
        assertThat(ForwardedClientCert.parse("URI=spiffe://a/b,nonsense")).isEmpty();
    }
}
