package io.weft.dataplane.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to the application come to the sidecar first: two namespaces and a wire. */
class InboundCaptureTest {

    private static final String POD = "10.213.8.2";
    private static final String POD6 = "fd00:213:8::2";

    private final NetworkNamespace pod = NetworkNamespace.make("pod");
    private final NetworkNamespace peer = NetworkNamespace.make("peer");

    @BeforeEach
    void layWire() {
        pod.run("ip", "link", "add", "wire", "type", "veth", "peer", "name", "far");
        pod.run("ip", "link", "set", "far", "netns", peer.name);
        pod.run("ip", "addr", "add", POD + "/24", "dev", "wire");
        pod.run("ip", "-6", "addr", "add", POD6 + "/64", "dev", "wire", "nodad");
        pod.run("ip", "link", "set", "wire", "up");
        peer.run("ip", "addr", "add", "10.213.8.1/24", "dev", "far");
        peer.run("ip", "-6", "addr", "add", "fd00:213:8::1/64", "dev", "far", "nodad");
        peer.run("ip", "link", "set", "far", "up");
    }

    @AfterEach
    void removeNamespaces() {
        pod.close();
        peer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REDIRECT", "TPROXY"})
    void callsToTheApplicationPassTheSidecar(String mode) {
        rules(mode);
        String said =
                pod.java(
                        InboundCaptureProbe.class,
                        mode,
                        "PERMISSIVE",
                        peer.name,
                        POD,
                        "8080",
                        peer.name,
                        POD6,
                        "8080",
                        peer.name,
                        POD,
                        "8088");
        assertThat(said)
                .contains("registered 8080")
                .contains("answer " + POD + " 8080 HTTP/1.1 200 OK")
                .contains("answer " + POD6 + " 8080 HTTP/1.1 200 OK")
                .contains("answer " + POD + " 8088 HTTP/1.1 204 No Content");
        assertThat(said.lines().filter(line -> line.startsWith("recorded")))
                .as("the excluded port is left alone")
                .containsExactly(
                        "recorded http inbound|8080|| 200 - ",
                        "recorded http inbound|8080|| 200 - ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REDIRECT", "TPROXY"})
    void nobodyPassesAPortThatTakesMutualTlsOnly(String mode) {
        rules(mode);
        String said = pod.java(InboundCaptureProbe.class, mode, "STRICT", peer.name, POD, "8080");
        assertThat(said)
                .doesNotContain("200 OK")
                .contains("plain text to a port that takes mutual TLS only");
    }

    @Test
    void aPortThatNobodyDeclaredIsRefusedAndNamesTheMend() {
        rules("REDIRECT");
        String said =
                pod.java(
                        InboundCaptureProbe.class,
                        "REDIRECT",
                        "PERMISSIVE",
                        peer.name,
                        POD,
                        "9999",
                        peer.name,
                        POD,
                        "15006");
        assertThat(said)
                .doesNotContain("200 OK")
                .contains("port: 9999 is not one of the workload's (expected: one of [8080]")
                .contains("a connection to the capture port itself");
    }

    private void rules(String mode) {
        pod.rules(
                "WEFT_PROXY_UID=0",
                "WEFT_INBOUND_PORT=15006",
                "WEFT_INBOUND_MODE=" + mode,
                "WEFT_EXCLUDE_INBOUND_PORTS=8088");
    }
}
