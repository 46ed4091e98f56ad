package io.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.cluster.ProxyProtocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PROXY headers to upstreams, as an upstream sees them. */
class ProxyAnnouncementTest {

    private final Caller caller = new Caller();
    private final List<byte[]> heard = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        caller.endpoint("announced", server.getLocalPort(), Locality.UNKNOWN);
        Thread.ofVirtual()
                .start(() -> {
                    while (!server.isClosed()) {
                        try {
                            Socket socket = server.accept();
                            Thread.ofVirtual().start(() -> serve(socket));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    /** Keeps the connection open, as a server that would take more requests does. */
    private void serve(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            while (!seen.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")
                    || !seen.toString(StandardCharsets.ISO_8859_1).contains(" / HTTP/1.1")) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                seen.write(next);
            }
            heard.add(seen.toByteArray());
            socket.getOutputStream()
                    .write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                    .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // What was heard is what is asked for.
        }
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        caller.close();
    }

    private int send(ProxyProtocol version) throws IOException {
        caller.protocol(AppProtocol.HTTP).cluster(caller.cluster().with(version));
        caller.forward();
        try (Socket socket = new Socket("127.0.0.1", caller.node.plane().outboundPort())) {
            socket.getOutputStream()
                    .write(Caller.request("GET", "/").getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            return socket.getLocalPort();
        }
    }

    @Test
    void versionOneNamesTheCallerInALineBeforeTheRequest() throws Exception {
        int from = send(ProxyProtocol.V1);
        assertThat(new String(heard.getFirst(), StandardCharsets.US_ASCII))
                .startsWith(
                        "PROXY TCP4 127.0.0.1 127.0.0.1 "
                                + from
                                + " "
                                + caller.node.plane().outboundPort()
                                + "\r\nGET / HTTP/1.1\r\n");
    }

    @Test
    void versionTwoNamesTheCallerInBytesBeforeTheRequest() throws Exception {
        int from = send(ProxyProtocol.V2);
        ByteBuffer header = ByteBuffer.wrap(heard.getFirst());
        byte[] signature = new byte[12];
        header.get(signature);
        assertThat(signature).startsWith(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a);
        assertThat(header.get()).as("version and command").isEqualTo((byte) 0x21);
        assertThat(header.get()).as("TCP over IPv4").isEqualTo((byte) 0x11);
        assertThat(header.getShort()).isEqualTo((short) 12);
        assertThat(header.getInt()).isEqualTo(0x7f000001);
        assertThat(header.getInt()).isEqualTo(0x7f000001);
        assertThat(header.getShort() & 0xffff).isEqualTo(from);
        assertThat(header.getShort() & 0xffff).isEqualTo(caller.node.plane().outboundPort());
        assertThat(StandardCharsets.US_ASCII.decode(header).toString()).startsWith("GET / HTTP");
    }

    @ParameterizedTest
    @EnumSource(ProxyProtocol.class)
    void aConnectionThatWasAnnouncedForOneCallerIsNotUsedForAnother(ProxyProtocol version)
            throws Exception {
        send(version);
        send(version);
        assertThat(heard).hasSize(2);
    }

    @Test
    void requestsOfOneConnectionAreAnnouncedEach() throws Exception {
        caller.cluster(caller.cluster().with(ProxyProtocol.V1));
        caller.forward();
        try (Wire wire = caller.wire()) {
            assertThat(wire.send(Caller.request("GET", "/")).reply().status()).isEqualTo(200);
            assertThat(wire.send(Caller.request("GET", "/")).reply().status()).isEqualTo(200);
        }
        assertThat(heard)
                .hasSize(2)
                .allSatisfy(each ->
                        assertThat(new String(each, StandardCharsets.US_ASCII))
                                .startsWith("PROXY TCP4 "));
    }
}
