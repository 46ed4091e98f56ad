package io.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.config.MemorySource;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.model.AppProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundAddressTest {

    @Test
    void whatSpeaksInTheWorkloadsNameIsReachableFromItsOwnHostAlone() {
        TestAuthority authority = TestAuthority.of("cluster.local");
        DataPlaneSettings settings =
                DataPlaneSettings.forWorkload("blog", "curl")
                        .address("127.0.0.2")
                        .inbound(InboundBinding.of(8080, "http", AppProtocol.HTTP, 1))
                        .upstream(new UpstreamBinding("users.blog:9090", 0))
                        .outboundPort(0)
                        .build();
        try (DataPlane plane =
                DataPlane.start(
                        settings,
                        new DataPlaneExtensions(
                                new MemorySource(),
                                authority.tls(authority.id("blog", "curl")),
                                new RecordingLog(),
                                MeshClock.system(),
                                RandomSource.system(),
                                null))) {
            int upstream = plane.upstreamPorts().get("users.blog:9090");
            for (int port : List.of(plane.outboundPort(), upstream)) {
                assertThat(accepts("127.0.0.1", port)).isTrue();
                assertThat(accepts("127.0.0.2", port)).isFalse();
            }
            assertThat(accepts("127.0.0.2", plane.inboundPorts().get(8080))).isTrue();
            assertThat(plane.view().listeners())
                    .allSatisfy(listener ->
                            assertThat(accepts(listener.address(), listener.port())).isTrue());
        }
    }

    private static boolean accepts(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
