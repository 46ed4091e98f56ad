package io.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerMetadataTest {

    @Test
    void readsWhatItWrites() {
        PeerMetadata metadata =
                PeerMetadata.of("api-v1", Map.of("app", "api", "version", "v1"), "Kubernetes");
        assertThat(metadata.format()).isEqualTo("api-v1;api;v1;api;v1;Kubernetes");
        assertThat(PeerMetadata.parse(metadata.format())).isEqualTo(metadata);
    }

    @Test
    void takesTheCanonicalNamesFromTheLabelsThatIstioLooksAt() {
        PeerMetadata metadata =
                PeerMetadata.of(
                        "api-v1",
                        Map.of(
                                "service.istio.io/canonical-name", "articles",
                                "app.kubernetes.io/name", "api",
                                "app.kubernetes.io/version", "2.1"),
                        "");
        assertThat(metadata.canonicalService()).isEqualTo("articles");
        assertThat(metadata.canonicalRevision()).isEqualTo("2.1");
        assertThat(PeerMetadata.of("api-v1", Map.of(), "").canonicalService()).isEqualTo("api-v1");
        assertThat(PeerMetadata.of("api-v1", Map.of(), "").canonicalRevision()).isEqualTo("latest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a;b", "a;b;c;d;e;f;g", "a\n;b;c;d;e;f", "a\";b;c;d;e;f", ";;;;;\u00e9"})
    void whatIsNotWellFormedIsUnknown(String value) {
        assertThat(PeerMetadata.parse(value)).isSameAs(PeerMetadata.UNKNOWN);
    }

    @Test
    void aLongValueIsUnknown() {
        assertThat(PeerMetadata.parse("x".repeat(200) + ";b;c;d;e;f"))
                .isSameAs(PeerMetadata.UNKNOWN);
    }

    @Test
    void countsGrpcMessagesWhereverTheFramesAreCut() {
        byte[] body = {0, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 9};
        for (int cut = 0; cut <= body.length; cut++) {
            GrpcMessageCounter counter = new GrpcMessageCounter();
            ByteBuf first = Unpooled.wrappedBuffer(body, 0, cut);
            counter.add(first);
            counter.add(Unpooled.wrappedBuffer(body, cut, body.length - cut));
            assertThat(counter.messages()).as("cut at %d", cut).isEqualTo(3);
            assertThat(first.readerIndex()).isZero();
        }
    }
}
