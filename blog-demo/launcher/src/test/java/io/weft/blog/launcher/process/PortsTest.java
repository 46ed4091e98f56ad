package io.weft.blog.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void givesAnotherPortWhenTheUsualOneIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.isFree(taken.getLocalPort())).isFalse();
            assertThat(new Ports(0).usual(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void givesNoPortTwice() {
        Ports ports = new Ports(0);
        int first = ports.any();
        assertThat(ports.usual(first)).isNotEqualTo(first);
    }

    @Test
    void addsTheOffsetToTheUsualPort() {
        int free = new Ports(0).any();
        assertThat(new Ports(free - 1000).usual(1000)).isEqualTo(free);
    }
}
