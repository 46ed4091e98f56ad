package io.weft.testkit.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an application received on its last opaque connections. These have no answer that could
 * carry a report, so it is asked for by the port that the peer connected from. Thread-safe.
 */
final class TcpReports {

    private static final int CONNECTIONS = 256;
    private static final int MAX_BYTES = 1 << 20;

    private final Map<Integer, Received> byPeerPort =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Received> eldest) {
                    return size() > CONNECTIONS;
                }
            };

    private static final class Received {
        private final EchoReport head;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Received(EchoReport head) {
            this.head = head;
        }
    }

    synchronized void opened(int peerPort, EchoReport head) {
        byPeerPort.remove(peerPort);
        byPeerPort.put(peerPort, new Received(head));
    }

    synchronized void received(int peerPort, ByteBuf bytes) {
        Received connection = byPeerPort.get(peerPort);
        if (connection != null && connection.bytes.size() < MAX_BYTES) {
            connection.bytes.writeBytes(ByteBufUtil.getBytes(bytes));
        }
    }

    synchronized @Nullable EchoReport find(int peerPort) {
        Received connection = byPeerPort.get(peerPort);
        return connection == null
                ? null
                : connection.head.withBody(connection.bytes.toString(StandardCharsets.UTF_8));
    }
}
