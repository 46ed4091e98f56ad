package io.weft.blog.launcher.net;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads: always a loopback port.
 *
 * @param tls what to trust and to show, null for plain text
 * @param sni server name that is asked for, null for none
 */
public record Target(int port, @Nullable SSLContext tls, @Nullable String sni) {

    public static Target plain(int port) {
        return new Target(port, null, null);
    }

    public static Target tls(int port, SSLContext context, @Nullable String sni) {
        return new Target(port, context, sni);
    }
}
