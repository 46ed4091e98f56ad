package io.weft.dataplane.extauthz;

import io.weft.dataplane.codec.ProtoWriter;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.HeaderRules;
import io.weft.dataplane.http.RequestBody;
import io.weft.model.listener.ExternalAuthorizer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code envoy.service.auth.v3.CheckRequest} by its field numbers: who calls, whom, and with
 * what.
 */
final class CheckAttributes {

    private static final int NO_SIZE = -1;

    private CheckAttributes() {}

    static byte[] connection(ConnectionContext connection, String self, Instant now) {
        ProtoWriter request = new ProtoWriter().message(1, timestamp(now));
        return message(connection, self, request);
    }

    static byte[] request(
            ExternalAuthorizer config,
            Exchange exchange,
            RequestBody.Part body,
            String self,
            Instant now) {
        ProtoWriter request =
                new ProtoWriter()
                        .message(1, timestamp(now))
                        .message(2, http(config, exchange, body));
        return message(exchange.connection(), self, request);
    }

    private static byte[] message(ConnectionContext connection, String self, ProtoWriter request) {
        String caller = connection.peer() == null ? "" : connection.peer().uri();
        ProtoWriter attributes =
                new ProtoWriter()
                        .message(1, peer(connection.remoteAddress(), caller))
                        .message(2, peer(connection.localAddress(), self))
                        .message(4, request);
        if (connection.sni() != null) {
            attributes.message(12, new ProtoWriter().text(1, connection.sni()));
        }
        return new ProtoWriter().message(1, attributes).toBytes();
    }

    private static ProtoWriter peer(@Nullable SocketAddress address, String principal) {
        ProtoWriter peer = new ProtoWriter();
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            ProtoWriter socket =
                    new ProtoWriter()
                            .text(2, inet.getAddress().getHostAddress())
                            .number(3, inet.getPort());
            peer.message(1, new ProtoWriter().message(1, socket));
        }
        return peer.text(4, principal);
    }

    private static ProtoWriter timestamp(Instant now) {
        return new ProtoWriter().number(1, now.getEpochSecond()).number(2, now.getNano());
    }

    private static ProtoWriter http(
            ExternalAuthorizer config, Exchange exchange, RequestBody.Part body) {
        ProtoWriter http = new ProtoWriter();
        String id = exchange.header("x-request-id");
        http.text(1, id == null ? "" : id).text(2, exchange.method());
        http.entry(3, ":method", exchange.method())
                .entry(3, ":path", exchange.request().uri())
                .entry(3, ":authority", exchange.authority())
                .entry(3, ":scheme", exchange.scheme());
        for (String name : exchange.request().headers().names()) {
            String value = HeaderRules.joined(exchange.request().headers(), name);
            http.entry(3, name.toLowerCase(Locale.ROOT), value == null ? "" : value);
        }
        if (config.includeBodyBytes() > 0) {
            http.entry(3, GrpcCheck.PARTIAL_BODY, Boolean.toString(!body.whole()));
        }
        String length = exchange.header("content-length");
        http.text(4, exchange.request().uri())
                .text(5, exchange.authority())
                .text(6, exchange.scheme())
                .number(9, size(length))
                .text(10, exchange.downstream().protocol());
        if (body.bytes().length > 0) {
            http.bytes(config.bodyAsBytes() ? 12 : 11, body.bytes());
        }
        return http;
    }

    private static long size(@Nullable String contentLength) {
        if (contentLength == null || contentLength.length() > 18) {
            return NO_SIZE;
        }
        return Long.parseLong(contentLength);
    }
}
