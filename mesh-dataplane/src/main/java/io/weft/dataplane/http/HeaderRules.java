package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.codec.HeaderNames;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What HTTP says of headers between hops (RFC 9110 §7.6). */
public final class HeaderRules {

    private HeaderRules() {}

    /**
     * Removes what holds for one hop only, and what {@code Connection} nominates.
     *
     * @param websocket whether an upgrade to WebSocket stays
     */
    static void stripHopByHop(HttpHeaders headers, boolean websocket) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
                if (!value.equalsIgnoreCase("keep-alive") && !value.equalsIgnoreCase("close")) {
                    removeNominated(headers, value);
                }
            }
            headers.remove(HttpHeaderNames.CONNECTION);
        }
        headers.remove(HeaderNames.KEEP_ALIVE);
        headers.remove(HeaderNames.PROXY_CONNECTION);
        headers.remove(HeaderNames.HTTP2_SETTINGS);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        String te = headers.get(HttpHeaderNames.TE);
        if (te != null) {
            headers.remove(HttpHeaderNames.TE);
            if (te.toLowerCase(Locale.ROOT).contains("trailers")) {
                headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
            }
        }
        headers.remove(HttpHeaderNames.UPGRADE);
        if (websocket) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
    }

    private static void removeNominated(HttpHeaders headers, String connection) {
        for (String name : connection.split(",")) {
            String trimmed = name.trim();
            // Framing and identity are no hop's own: without them the message would read otherwise.
            if (!trimmed.isEmpty()
                    && !ForgedNames.mayNotBeNominated(trimmed.toLowerCase(Locale.ROOT))) {
                headers.remove(trimmed);
            }
        }
    }

    /** Whether the request asks for a WebSocket in HTTP/1.1's way (RFC 6455). */
    static boolean isWebSocket(HttpHeaders headers) {
        String upgrade = headers.get(HttpHeaderNames.UPGRADE);
        return upgrade != null
                && upgrade.equalsIgnoreCase("websocket")
                && headers.containsValue(
                        HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** All values of a header as one, null when it is absent. */
    public static @Nullable String joined(HttpHeaders headers, String name) {
        String first = headers.get(name);
        if (first == null) {
            return null;
        }
        Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
        values.next();
        return values.hasNext()
                ? String.join(name.equals("cookie") ? "; " : ",", headers.getAll(name))
                : first;
    }
}
