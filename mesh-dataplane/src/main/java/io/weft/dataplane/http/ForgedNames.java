package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names by which a caller says what only the mesh, or the message's framing, may say: with
 * underscores, which many applications cannot tell from dashes (CGI's and WSGI's variables), and in
 * trailers, which some merge with the headers.
 */
final class ForgedNames {

    private static final Set<String> OF_THE_MESH =
            Set.of("forwarded", "x-real-ip", "x-request-id", "x-b3-sampled", "grpc-timeout");

    private static final List<String> PREFIXES_OF_THE_MESH =
            List.of("x-forwarded-", "x-envoy-", "x-weft-");

    /** What may not come behind a body (RFC 9110 §6.5.1): framing, routing, who asks, and how. */
    private static final Set<String> NEVER_BEHIND =
            Set.of(
                    "host",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "content-length",
                    "transfer-encoding",
                    "te",
                    "trailer",
                    "upgrade",
                    "authorization",
                    "proxy-authorization",
                    "cookie",
                    "set-cookie",
                    "expect",
                    "range",
                    "content-type",
                    "content-encoding",
                    "content-range",
                    "cache-control");

    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "content-type", "content-encoding");

    private ForgedNames() {}

    /** Takes out headers that are the mesh's own, or framing, but for their underscores. */
    static void stripUnderscored(HttpHeaders headers) {
        List<String> forged = List.of();
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            CharSequence name = all.next().getKey();
            if (AsciiString.indexOf(name, '_', 0) >= 0) {
                String dashed = name.toString().toLowerCase(Locale.ROOT).replace('_', '-');
                if (isOfTheMesh(dashed) || FRAMING.contains(dashed)) {
                    forged = forged.isEmpty() ? new ArrayList<>() : forged;
                    forged.add(name.toString());
                }
            }
        }
        forged.forEach(headers::remove);
    }

    /** Takes out what an application might take for this header. */
    static void stripTwins(HttpHeaders headers, String lowerCaseName) {
        if (lowerCaseName.indexOf('-') < 0) {
            return;
        }
        List<String> twins = new ArrayList<>(0);
        for (String name : headers.names()) {
            if (name.indexOf('_') >= 0
                    && name.toLowerCase(Locale.ROOT).replace('_', '-').equals(lowerCaseName)) {
                twins.add(name);
            }
        }
        twins.forEach(headers::remove);
    }

    /** Takes out of a request's trailers what counts only in its head. */
    static void stripTrailers(HttpHeaders trailers) {
        List<String> forged = new ArrayList<>(0);
        for (String name : trailers.names()) {
            String dashed = name.toLowerCase(Locale.ROOT).replace('_', '-');
            if (isOfTheMesh(dashed) || NEVER_BEHIND.contains(dashed)) {
                forged.add(name);
            }
        }
        forged.forEach(trailers::remove);
    }

    /** Whether a caller cannot have this taken out by naming it in {@code Connection}. */
    static boolean mayNotBeNominated(String lowerCaseName) {
        return isOfTheMesh(lowerCaseName) || NEVER_BEHIND.contains(lowerCaseName);
    }

    private static boolean isOfTheMesh(String name) {
        if (OF_THE_MESH.contains(name)) {
            return true;
        }
        for (String prefix : PREFIXES_OF_THE_MESH) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
