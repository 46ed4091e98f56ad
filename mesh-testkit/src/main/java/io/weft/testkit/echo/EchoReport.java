package io.weft.testkit.echo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an echo application received.
 *
 * @param path as it stood on the wire, with its query
 * @param headers name and value, in the order received, repeats kept
 * @param peerPrincipal SPIFFE ID in {@code x-forwarded-client-cert}, null without
 * @param alpn protocol negotiated where the application itself terminates TLS
 */
public record EchoReport(
        String workload,
        String namespace,
        String version,
        int replica,
        String protocol,
        @Nullable String method,
        @Nullable String path,
        @Nullable String host,
        List<List<String>> headers,
        @Nullable String peerPrincipal,
        String body,
        @Nullable String alpn,
        @Nullable String sni) {

    public EchoReport {
        headers = List.copyOf(headers);
    }

    EchoReport withBody(String received) {
        return new EchoReport(
                workload,
                namespace,
                version,
                replica,
                protocol,
                method,
                path,
                host,
                headers,
                peerPrincipal,
                received,
                alpn,
                sni);
    }
}
