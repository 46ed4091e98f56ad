package io.weft.testkit.lab.client;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect.
 *
 * @param from local address to connect from, null for any
 * @param tunnel {@code host:port} asked of a proxy at the target by CONNECT, as an application's
 *     captured connection would reach it; null connects straight
 * @param tls null for plain text
 */
public record Dial(
        InetSocketAddress target,
        @Nullable String from,
        @Nullable String tunnel,
        @Nullable TlsOptions tls) {}
