package io.weft.dataplane.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.codec.HeaderNames;
import io.weft.dataplane.http.Exchange;
import io.weft.engine.ForwardedClientCert;
import io.weft.model.SpiffeId;
import io.weft.model.listener.ForwardClientCert;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of requests from outside what only the mesh may say, and says who called. With trusted
 * proxies in front, that many entries of X-Forwarded-For are believed.
 */
final class EdgeHeaders {

    private static final String FORWARDED_FOR = "x-forwarded-for";
    private static final String EXTERNAL_ADDRESS = "x-envoy-external-address";

    private EdgeHeaders() {}

    static void clean(Exchange exchange, int trustedProxies, boolean tls) {
        HttpHeaders headers = exchange.request().headers();
        List<String> internal = new ArrayList<>(0);
        for (String name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-envoy-") || lower.startsWith("x-weft-")) {
                internal.add(name);
            }
        }
        internal.forEach(headers::remove);
        headers.remove("x-forwarded-host");
        headers.remove("x-forwarded-port");
        headers.remove("x-real-ip");
        headers.remove("forwarded");
        String direct = text(exchange.sourceIp());
        if (trustedProxies == 0) {
            headers.set(FORWARDED_FOR, direct);
            headers.set(EXTERNAL_ADDRESS, direct);
            headers.set("x-forwarded-proto", tls ? "https" : "http");
            headers.remove("x-request-id");
            return;
        }
        believe(exchange, headers, trustedProxies);
        headers.set(EXTERNAL_ADDRESS, text(exchange.remoteIp()));
        headers.add(FORWARDED_FOR, direct);
        List<String> all = headers.getAll(FORWARDED_FOR);
        headers.set(FORWARDED_FOR, String.join(",", all));
        String proto = headers.get("x-forwarded-proto");
        if (!"http".equals(proto) && !"https".equals(proto)) {
            headers.set("x-forwarded-proto", tls ? "https" : "http");
        }
    }

    /**
     * What is told of the client's certificate, and of whom the client speaks for.
     *
     * @param self what this gateway has shown to the client, null for a certificate of the web
     */
    static void clientCertificate(
            Exchange exchange, ForwardClientCert mode, @Nullable SpiffeId self) {
        HttpHeaders headers = exchange.request().headers();
        String element = exchange.connection().clientCertificate(self);
        if (mode == ForwardClientCert.ALWAYS_FORWARD_ONLY) {
            return;
        }
        if (element == null || mode == ForwardClientCert.SANITIZE) {
            headers.remove(HeaderNames.X_FORWARDED_CLIENT_CERT);
        } else if (mode == ForwardClientCert.SANITIZE_SET) {
            headers.set(HeaderNames.X_FORWARDED_CLIENT_CERT, element);
        } else if (mode == ForwardClientCert.APPEND_FORWARD) {
            List<String> before = headers.getAll(HeaderNames.X_FORWARDED_CLIENT_CERT);
            headers.set(
                    HeaderNames.X_FORWARDED_CLIENT_CERT,
                    ForwardedClientCert.append(
                            before.isEmpty() ? null : String.join(",", before), element));
        }
    }

    /** The client is the entry that the outermost trusted proxy has appended. */
    private static void believe(Exchange exchange, HttpHeaders headers, int trustedProxies) {
        List<String> entries = new ArrayList<>();
        for (String value : headers.getAll(FORWARDED_FOR)) {
            for (String entry : value.split(",")) {
                entries.add(entry.trim());
            }
        }
        int index = entries.size() - trustedProxies;
        if (index < 0) {
            return;
        }
        try {
            exchange.remoteIp(InetAddress.ofLiteral(entries.get(index)).getAddress());
        } catch (IllegalArgumentException e) {
            // Not an address: the connection's own stays.
        }
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of a connection has 4 or 16 bytes", e);
        }
    }
}
