package io.weft.policy;

import io.weft.model.Secret;
import io.weft.policy.ca.AuthorityVault;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.ca.SharedDirectory;
import io.weft.policy.federation.ForeignDomain;
import io.weft.policy.kubernetes.ClusterAuthority;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties of the authority, as it takes them. */
final class AuthoritySettings {

    private AuthoritySettings() {}

    /**
     * @param cluster null outside Kubernetes
     * @throws IllegalArgumentException when properties contradict each other
     */
    static CaSettings of(PolicyProperties properties, @Nullable ClusterAuthority cluster) {
        PolicyProperties.Ca ca = properties.ca();
        List<String> names = new ArrayList<>(CaSettings.DEFAULT_SERVER_NAMES);
        names.addAll(ca.serverNames());
        return new CaSettings(
                properties.trustDomain(),
                ca.svidLifetime(),
                ca.issuesPerMinute(),
                names.stream().distinct().toList(),
                supplied(ca, cluster),
                properties.trustDomainAliases(),
                vault(ca, cluster));
    }

    private static CaSettings.@Nullable Supplied supplied(
            PolicyProperties.Ca ca, @Nullable ClusterAuthority cluster) {
        List<CaSettings.Supplied> found = new ArrayList<>();
        Path chain = ca.chainFile();
        Path key = ca.keyFile();
        Path roots = ca.rootsFile();
        if (chain != null && key != null && roots != null) {
            found.add(new CaSettings.KeyFiles(chain, key, roots));
        } else if (chain != null || key != null || (roots != null && ca.keyStore() == null)) {
            throw new IllegalArgumentException(
                    "weft.policy.ca: chain-file, key-file and roots-file (expected: all or none)");
        }
        if (ca.keyStore() != null) {
            found.add(
                    new CaSettings.KeyStoreFile(
                            ca.keyStore(), password(ca.keyStorePasswordFile()), roots));
        }
        if (ca.secret() != null) {
            found.add(onKubernetes("weft.policy.ca.secret", cluster).read(ca.secret()));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException(
                    "weft.policy.ca: chain-file, key-store and secret (expected: one of them)");
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private static Secret password(@Nullable Path file) {
        if (file == null) {
            return new Secret("");
        }
        try {
            return new Secret(Files.readString(file).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "weft.policy.ca.key-store-password-file: "
                            + file
                            + " cannot be read ("
                            + StateDirectory.reason(e)
                            + ")",
                    e);
        }
    }

    private static @Nullable AuthorityVault vault(
            PolicyProperties.Ca ca, @Nullable ClusterAuthority cluster) {
        if (ca.sharedDirectory() != null && ca.sharedSecret() != null) {
            throw new IllegalArgumentException(
                    "weft.policy.ca: shared-directory and shared-secret (expected: one of them)");
        }
        if (ca.sharedDirectory() != null) {
            return SharedDirectory.at(ca.sharedDirectory());
        }
        return ca.sharedSecret() == null
                ? null
                : onKubernetes("weft.policy.ca.shared-secret", cluster).vault(ca.sharedSecret());
    }

    private static ClusterAuthority onKubernetes(
            String property, @Nullable ClusterAuthority cluster) {
        if (cluster == null) {
            throw new IllegalArgumentException(property + ": only on Kubernetes");
        }
        return cluster;
    }

    static List<ForeignDomain> foreignDomains(PolicyProperties properties) {
        if (properties.federation().containsKey(properties.trustDomain())) {
            throw new IllegalArgumentException(
                    "weft.policy.federation."
                            + properties.trustDomain()
                            + " (expected: other trust domains than our own)");
        }
        return properties.federation().entrySet().stream()
                .map(each ->
                        new ForeignDomain(
                                each.getKey(),
                                each.getValue().bundleFile(),
                                each.getValue().bundleUrl(),
                                each.getValue().endpointId()))
                .toList();
    }
}
