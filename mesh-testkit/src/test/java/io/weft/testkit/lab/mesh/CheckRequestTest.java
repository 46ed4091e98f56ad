package io.weft.testkit.lab.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckRequestTest {

    @Test
    void aGrpcCheckOfARequestIsReadAndAllowedByItsHeader() {
        CheckRequest check = CheckRequest.ofProto(request("/x", Map.of("x-ext-authz", "allow")));
        assertThat(check.allowed()).isTrue();
        assertThat(check.text()).contains("method: GET").contains("path: /x").contains("sa/c");
        byte[] answer = check.toProto();
        assertThat(ProtoBytes.read(ProtoBytes.at(answer, 1))).isEmpty();
        byte[] first = ProtoBytes.at(answer, 3, 2, 1);
        assertThat(ProtoBytes.textAt(first, 1)).isEqualTo("x-ext-authz-check-result");
        assertThat(ProtoBytes.textAt(first, 2)).isEqualTo("allowed");
    }

    @Test
    void aGrpcCheckWithoutTheHeaderIsDeniedWith403() {
        byte[] answer = CheckRequest.ofProto(request("/x", Map.of())).toProto();
        assertThat(ProtoBytes.read(ProtoBytes.at(answer, 1)).getFirst().value()).isEqualTo(7);
        assertThat(ProtoBytes.read(ProtoBytes.at(answer, 2, 1)).getFirst().value()).isEqualTo(403);
        assertThat(ProtoBytes.textAt(answer, 2, 3)).contains("x-ext-authz");
    }

    @Test
    void aConnectionIsAllowedForTheServiceAccountA() {
        assertThat(CheckRequest.ofProto(connection("spiffe://cluster.local/ns/x/sa/a")).allowed())
                .isTrue();
        assertThat(CheckRequest.ofProto(connection("spiffe://cluster.local/ns/x/sa/b")).allowed())
                .isFalse();
        assertThat(CheckRequest.ofProto(new byte[0]).allowed()).isFalse();
    }

    @Test
    void bytesThatAreNoMessageAreReadAsFarAsTheyGo() {
        assertThat(ProtoBytes.read(new byte[] {0x0A, 0x7F, 1})).isEmpty();
        assertThat(ProtoBytes.read(new byte[] {0x0F})).isEmpty();
        assertThat(ProtoBytes.read(new byte[] {(byte) 0xFF, (byte) 0xFF})).isEmpty();
    }

    private static byte[] request(String path, Map<String, String> headers) {
        ProtoBytes http = new ProtoBytes().text(2, "GET");
        headers.forEach(
                (name, value) -> http.message(3, new ProtoBytes().text(1, name).text(2, value)));
        http.text(4, path).text(5, "b.ns2");
        ProtoBytes attributes =
                new ProtoBytes()
                        .message(1, new ProtoBytes().text(4, "spiffe://cluster.local/ns/x/sa/c"))
                        .message(4, new ProtoBytes().message(2, http));
        return new ProtoBytes().message(1, attributes).toBytes();
    }

    private static byte[] connection(String principal) {
        ProtoBytes attributes = new ProtoBytes().message(1, new ProtoBytes().text(4, principal));
        return new ProtoBytes().message(1, attributes).toBytes();
    }
}
