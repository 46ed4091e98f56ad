package io.weft.dataplane.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.http.Exchange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes out of requests from outside what only the mesh may say, and says who called. With trusted
 * proxies in front, that many entries of X-Forwarded-For are believed.
 */
final class EdgeHeaders {

    private static final String FORWARDED_FOR = "x-forwarded-for";

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
        headers.remove("x-forwarded-client-cert");
        headers.remove("x-forwarded-host");
        headers.remove("x-forwarded-port");
        headers.remove("x-real-ip");
        headers.remove("forwarded");
        String direct = text(exchange.sourceIp());
        if (trustedProxies == 0) {
            headers.set(FORWARDED_FOR, direct);
            headers.set("x-forwarded-proto", tls ? "https" : "http");
            headers.remove("x-request-id");
            return;
        }
        believe(exchange, headers, trustedProxies);
        headers.add(FORWARDED_FOR, direct);
        List<String> all = headers.getAll(FORWARDED_FOR);
        headers.set(FORWARDED_FOR, String.join(",", all));
        if (!headers.contains("x-forwarded-proto")) {
            headers.set("x-forwarded-proto", tls ? "https" : "http");
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
