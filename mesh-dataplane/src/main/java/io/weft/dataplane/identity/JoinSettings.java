package io.weft.dataplane.identity;

import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * How a workload gets its first certificate.
 *
 * @param identity that it claims, and that its token must prove
 * @param addresses of the join port, {@code host:port}; tried in turn
 * @param caPem the root that the control plane's certificate must chain to
 * @param token one-time join token, or projected ServiceAccount token; read again for each try
 */
public record JoinSettings(
        SpiffeId identity, List<String> addresses, String caPem, Supplier<Secret> token) {

    public JoinSettings {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("join addresses: none (expected: host:port)");
        }
    }

    /** With a token that is known already. */
    public static JoinSettings withToken(
            SpiffeId identity, List<String> addresses, String caPem, String token) {
        Secret secret = new Secret(token);
        return new JoinSettings(identity, addresses, caPem, () -> secret);
    }

    /** With a token file that something else keeps fresh, as the kubelet does. */
    public static JoinSettings withTokenFile(
            SpiffeId identity, List<String> addresses, String caPem, Path tokenFile) {
        return new JoinSettings(identity, addresses, caPem, () -> read(tokenFile));
    }

    private static Secret read(Path tokenFile) {
        try {
            return new Secret(Files.readString(tokenFile).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("token file " + tokenFile + ": cannot be read", e);
        }
    }
}
