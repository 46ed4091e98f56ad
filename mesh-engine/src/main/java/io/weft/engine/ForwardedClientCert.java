package io.weft.engine;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code X-Forwarded-Client-Cert}: each proxy appends an element about its own client,
 * so the first element is about the first caller. Values may be quoted. Only to be read where the
 * proxy before is trusted: who sends the header himself can write anything into it.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert">Envoy's
 *     description</a>
 */
public final class ForwardedClientCert {

    private ForwardedClientCert() {}

    /** An element: members by lower-case name, unquoted; of several URIs the first. */
    public record Element(Map<String, String> members) {
        public Element {
            members = Map.copyOf(members);
        }

        /** The client's URI SAN, null when it has none. */
        public @Nullable String uri() {
            return members.get("uri");
        }

        /** The URI SAN of the proxy that wrote the element, null when it has none. */
        public @Nullable String by() {
            return members.get("by");
        }
    }

    /**
     * What a verified certificate says of its holder.
     *
     * @param hash SHA-256 of its DER, hexadecimal
     * @param pem the certificate itself, null when it is not told
     * @param subject distinguished name (RFC 2253), empty when it has none
     */
    public record Holder(
            String hash,
            @Nullable String pem,
            String subject,
            List<String> uris,
            List<String> dns) {
        public Holder {
            uris = List.copyOf(uris);
            dns = List.copyOf(dns);
        }
    }

    /**
     * An element about a proxy's client, in Envoy's order of members.
     *
     * @param by the proxy's own URI SAN, null when it has shown none
     */
    public static String element(@Nullable String by, Holder client) {
        StringBuilder text = new StringBuilder(200);
        if (by != null) {
            text.append("By=").append(by).append(';');
        }
        text.append("Hash=").append(client.hash());
        if (client.pem() != null) {
            String encoded = URLEncoder.encode(client.pem(), StandardCharsets.UTF_8);
            text.append(";Cert=\"").append(encoded.replace("+", "%20")).append('"');
        }
        text.append(";Subject=").append(quoted(client.subject()));
        client.uris().forEach(uri -> text.append(";URI=").append(member(uri)));
        client.dns().forEach(name -> text.append(";DNS=").append(member(name)));
        return text.toString();
    }

    /**
     * Adds an element behind those of the proxies before. What they have sent is dropped when it is
     * not well-formed: an open quote would swallow the element.
     */
    public static String append(@Nullable String before, String element) {
        return before == null || parse(before).isEmpty() ? element : before + "," + element;
    }

    private static String member(String value) {
        boolean plain = value.chars().allMatch(c -> c > ' ' && c <= '~' && ",;=\"".indexOf(c) < 0);
        return plain ? value : quoted(value);
    }

    private static String quoted(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('"');
        value.chars()
                .forEach(c -> {
                    if (c == '"' || c == '\\') {
                        text.append('\\');
                    }
                    text.append(c < ' ' || c > '~' ? '?' : (char) c);
                });
        return text.append('"').toString();
    }

    /** The elements from the first caller on; none for a text that is not well-formed. */
    public static List<Element> parse(String header) {
        List<Element> elements = new ArrayList<>();
        if (!closesItsQuotes(header)) {
            return List.of();
        }
        for (String element : split(header, ',')) {
            Map<String, String> members = new LinkedHashMap<>();
            for (String member : split(element, ';')) {
                int equals = member.indexOf('=');
                if (equals < 1) {
                    return List.of();
                }
                members.putIfAbsent(
                        member.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        unquoted(member.substring(equals + 1).strip()));
            }
            elements.add(new Element(members));
        }
        return List.copyOf(elements);
    }

    private static boolean closesItsQuotes(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            }
        }
        return !quoted;
    }

    /** Separators in quotes do not part. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        return value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
    }
}
