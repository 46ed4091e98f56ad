package io.weft.compiler.policytest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request of a test.
 *
 * @param host as the caller writes it
 * @param port as the caller writes it
 * @param method empty for an opaque connection
 * @param target path and query
 * @param headers by name
 * @param claims of a token that counts as correctly signed and in time; null for no such token
 * @param token a token to be verified with the key sets in the configuration, empty for none
 */
public record TestRequest(
        Protocol protocol,
        String host,
        int port,
        String method,
        String target,
        Map<String, String> headers,
        @Nullable Map<String, Object> claims,
        String token) {

    /** How it is spoken. */
    public enum Protocol {
        HTTP,
        HTTPS,
        TCP
    }

    public TestRequest {
        headers = Map.copyOf(headers);
        claims = claims == null ? null : Map.copyOf(claims);
    }

    /** {@code host:port}, as it is subscribed to. */
    public String authority() {
        return host + ":" + port;
    }
}
