package io.weft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.match.Cidr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {

    @Test
    void readsWhatItWrites() {
        SpiffeId id = new SpiffeId("cluster.local", "blog", "blog-api");
        assertThat(SpiffeId.parse(id.uri())).contains(id);
        assertThat(id.principal()).isEqualTo("cluster.local/ns/blog/sa/blog-api");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://cluster.local/ns/a/sa/b",
                "spiffe://cluster.local/ns/a/sa/",
                "spiffe://cluster.local/ns/a/sa/b/c",
                "spiffe://cluster.local/ns/../sa/b",
                "spiffe://Cluster.Local/ns/a/sa/b",
                "spiffe://cluster.local/ns/a/sa/b?x",
                "spiffe://cluster.local/ns/a/sa/b\u0000",
                "spiffe://cluster.local/ns/ä/sa/b",
                "spiffe://cluster.local:80/ns/a/sa/b"
            })
    void refusesEveryOtherForm(String uri) {
        assertThat(SpiffeId.parse(uri)).isEmpty();
    }

    @Test
    void knowsTheTrustDomainOfIdsInOthersForms() {
        assertThat(SpiffeId.trustDomainOf("spiffe://partner.example/billing/payments"))
                .contains("partner.example");
        assertThat(SpiffeId.trustDomainOf("spiffe://cluster.local/ns/a/sa/b"))
                .contains("cluster.local");
        for (String uri :
                new String[] {
                    "spiffe://partner.example",
                    "spiffe://partner.example/",
                    "spiffe:///x",
                    "spiffe://partner.example//x",
                    "spiffe://partner.example/x/",
                    "spiffe://partner.example/../x",
                    "spiffe://partner.example/./x",
                    "spiffe://partner.example/%78",
                    "spiffe://partner.example/x\u0000",
                    "spiffe://user@partner.example/x",
                    "spiffe://partner.example:80/x",
                    "SPIFFE://partner.example/x",
                    "spiffe://partner.example/" + "x".repeat(3000)
                }) {
            assertThat(SpiffeId.trustDomainOf(uri)).as(uri).isEmpty();
        }
    }

    @Test
    void tellsAddressesInARangeFromOthers() {
        Cidr range = Cidr.parse("10.1.128.0/17");
        assertThat(range.contains(new byte[] {10, 1, (byte) 200, 7})).isTrue();
        assertThat(range.contains(new byte[] {10, 1, 127, 7})).isFalse();
        assertThat(range.contains(new byte[16])).isFalse();
        assertThatThrownBy(() -> Cidr.parse("10.0.0.0/33")).hasMessageContaining("10.0.0.0/33");
        assertThatThrownBy(() -> Cidr.parse("localhost")).hasMessageContaining("localhost");
    }
}
