package io.weft.testkit.lab.client;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Sends one request on a connection of its own. Blocks: call it on a virtual thread. */
public final class RawClient {

    private RawClient() {}

    /** Never throws for what the network does: that is told in the answer. */
    public static Incoming send(Dial dial, Outgoing request) {
        long deadline = System.nanoTime() + request.timeout().toNanos();
        int localPort = 0;
        try (Socket socket = new Socket()) {
            Incoming answer;
            try {
                Dialer.connect(socket, dial, deadline);
                localPort = socket.getLocalPort();
                TlsOptions tls = dial.tls();
                Socket speaking = tls == null ? socket : Dialer.secure(socket, dial, tls, deadline);
                try (Wire wire = new Wire(speaking, deadline)) {
                    answer = exchange(wire, request);
                }
            } catch (Dialer.TunnelRefused refused) {
                // A captured connection has no such answer: it is accepted, and then ends.
                answer = Incoming.failed(Failure.CONNECTION_CLOSED);
            } catch (SocketTimeoutException late) {
                answer = Incoming.failed(Failure.TIMEOUT);
            } catch (IOException e) {
                answer = Incoming.failed(Failure.of(e));
            }
            localPort = localPort == 0 ? Math.max(0, socket.getLocalPort()) : localPort;
            return answer.from(localPort);
        } catch (IOException e) {
            return Incoming.failed(Failure.of(e)).from(localPort);
        }
    }

    private static Incoming exchange(Wire wire, Outgoing request) throws IOException {
        return switch (request.protocol()) {
            case HTTP1 -> Http1Exchange.run(wire, request);
            case HTTP2, GRPC -> new Http2Exchange(wire, request).run();
            case TCP, TLS -> TcpExchange.run(wire, request);
            case WEBSOCKET -> WebSocketExchange.run(wire, request);
        };
    }
}
