package io.weft.testkit.lab.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /request} as it is written; what is missing is null. */
public record RequestOrder(
        @Nullable From from,
        @Nullable To to,
        @Nullable String protocol,
        @Nullable Boolean direct,
        @Nullable String method,
        @Nullable String path,
        @Nullable List<List<String>> headers,
        @Nullable String body,
        @Nullable String sni,
        @Nullable Integer count,
        @Nullable Integer timeoutMillis,
        @Nullable Boolean tls,
        @Nullable List<String> alpn,
        @Nullable String clientCertificate) {

    /**
     * Who sends.
     *
     * @param replica which of several, the first by default
     */
    public record From(
            @Nullable String workload,
            @Nullable String namespace,
            @Nullable Integer replica,
            @Nullable Boolean outside,
            @Nullable String gateway) {}

    /** Who is called. */
    public record To(@Nullable String host, @Nullable Integer port) {}
}
