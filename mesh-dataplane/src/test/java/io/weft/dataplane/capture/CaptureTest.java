package io.weft.dataplane.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of weft-init and the capture port, in a network namespace that is made for it. */
class CaptureTest {

    static final String FOUR = "10.213.7.9";
    private static final String SIX = "fd00:213:7::9";

    private final NetworkNamespace pod = NetworkNamespace.make("pod");

    @BeforeEach
    void makeRules() {
        pod.run("ip", "addr", "add", FOUR + "/32", "dev", "lo");
        pod.run("ip", "-6", "addr", "add", SIX + "/128", "dev", "lo");
        pod.rules("WEFT_PROXY_UID=0", "WEFT_EXCLUDE_OUTBOUND_PORTS=8088");
    }

    @AfterEach
    void removeNamespace() {
        pod.close();
    }

    @Test
    void connectionsOfTheApplicationComeToTheSidecarAndGoOnToWhereTheyWent() {
        String said =
                pod.java(
                        CaptureProbe.class,
                        "ALLOW_ANY",
                        FOUR,
                        "80",
                        FOUR,
                        "7",
                        SIX,
                        "80",
                        FOUR,
                        "8088");
        assertThat(said)
                .contains("answer " + FOUR + " 80 HTTP/1.1 200 OK")
                .contains("answer " + FOUR + " 7 echo")
                .contains("answer " + SIX + " 80 HTTP/1.1 200 OK")
                .contains("answer " + FOUR + " 8088 HTTP/1.1 200 OK");
        assertThat(said.lines().filter(line -> line.startsWith("recorded")))
                .as("the excluded port is left alone")
                .containsExactlyInAnyOrder(
                        "recorded http PassthroughCluster 200 -",
                        "recorded tcp PassthroughCluster 0 -",
                        "recorded http PassthroughCluster 200 -");
    }

    @Test
    void whatIsNotInTheRegistryEndsInABlackHoleWhereThePolicySaysSo() {
        String said = pod.java(CaptureProbe.class, "REGISTRY_ONLY", FOUR, "80", FOUR, "7");
        assertThat(said)
                .contains("answer " + FOUR + " 80 HTTP/1.1 502 Bad Gateway")
                .contains("recorded http BlackHoleCluster 502 NR")
                .contains("recorded tcp BlackHoleCluster 0 NR")
                .doesNotContain("7 echo");
    }
}
