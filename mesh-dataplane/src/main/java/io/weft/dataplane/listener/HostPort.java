package io.weft.dataplane.listener;

import io.weft.engine.AsciiCase;
import java.net.InetSocketAddress;

/**
 * A destination as an application names it.
 *
 * @param key {@code host:port}, lower case: the name of its routes
 */
public record HostPort(String host, int port, String key) {

    /** An address of the network, as the key of its routes. */
    static HostPort of(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        String key = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return new HostPort(host, address.getPort(), key + ":" + address.getPort());
    }

    /**
     * Reads an authority; IPv6 addresses stand in brackets.
     *
     * @param defaultPort where none is written
     */
    public static HostPort parse(String authority, int defaultPort) {
        String lower = AsciiCase.lower(authority);
        int colon = lower.lastIndexOf(':');
        boolean hasPort = colon > lower.lastIndexOf(']') && colon < lower.length() - 1;
        String host = hasPort ? lower.substring(0, colon) : stripColon(lower);
        int port = hasPort ? number(lower, colon + 1, defaultPort) : defaultPort;
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        } else if (hasPort) {
            return new HostPort(bare(host), port, lower);
        }
        return new HostPort(bare(host), port, host + ":" + port);
    }

    private static String stripColon(String text) {
        return text.endsWith(":") ? text.substring(0, text.length() - 1) : text;
    }

    private static int number(String text, int from, int otherwise) {
        int value = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return otherwise;
            }
            value = value * 10 + digit;
            if (value > 65_535) {
                return otherwise;
            }
        }
        return value == 0 ? otherwise : value;
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }
}
