package io.weft.policy.ca;

import io.weft.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the authority works.
 *
 * @param svidLifetime of workload certificates
 * @param issuesPerMinute how many certificates one identity gets in a minute, its replicas together
 * @param serverNames DNS names and IP addresses of the control plane's own certificate
 * @param supplied keys made elsewhere; null to make them on first start
 * @param aliases former or further names of the trust domain: the same roots vouch for them
 * @param vault shared by replicas; null for the state directory
 */
public record CaSettings(
        String trustDomain,
        Duration svidLifetime,
        int issuesPerMinute,
        List<String> serverNames,
        @Nullable Supplied supplied,
        List<String> aliases,
        @Nullable AuthorityVault vault) {

    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    public static final int DEFAULT_ISSUES_PER_MINUTE = 120;
    public static final List<String> DEFAULT_SERVER_NAMES =
            List.of(
                    "localhost",
                    "127.0.0.1",
                    "::1",
                    "policy-service",
                    "policy-service.weft-system",
                    "policy-service.weft-system.svc",
                    "policy-service.weft-system.svc.cluster.local");

    public CaSettings {
        serverNames = List.copyOf(serverNames);
        aliases = List.copyOf(aliases);
        if (svidLifetime.compareTo(Duration.ofMinutes(1)) < 0
                || svidLifetime.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException(
                    "SVID lifetime: " + svidLifetime + " (expected: PT1M to P30D)");
        }
        if (issuesPerMinute < 1) {
            throw new IllegalArgumentException(
                    "issues per minute: " + issuesPerMinute + " (expected: >= 1)");
        }
        if (aliases.contains(trustDomain)) {
            throw new IllegalArgumentException(
                    "trust domain aliases: " + aliases + " (expected: others than the domain)");
        }
    }

    /** Without aliases, in the state directory. */
    public CaSettings(
            String trustDomain,
            Duration svidLifetime,
            int issuesPerMinute,
            List<String> serverNames,
            @Nullable Supplied supplied) {
        this(trustDomain, svidLifetime, issuesPerMinute, serverNames, supplied, List.of(), null);
    }

    /** The defaults for a trust domain. */
    public static CaSettings forTrustDomain(String trustDomain) {
        return new CaSettings(
                trustDomain,
                DEFAULT_LIFETIME,
                DEFAULT_ISSUES_PER_MINUTE,
                DEFAULT_SERVER_NAMES,
                null);
    }

    /** These, with aliases of the trust domain. */
    public CaSettings withAliases(List<String> names) {
        return new CaSettings(
                trustDomain, svidLifetime, issuesPerMinute, serverNames, supplied, names, vault);
    }

    /** These, with the document somewhere else. */
    public CaSettings withVault(AuthorityVault shared) {
        return new CaSettings(
                trustDomain, svidLifetime, issuesPerMinute, serverNames, supplied, aliases, shared);
    }

    /** An authority made elsewhere. */
    public sealed interface Supplied {

        /** Where it comes from, for people. */
        String where();
    }

    /**
     * PEM files.
     *
     * @param chain the signing certificate first, then what leads to a root (the roots left out)
     * @param key its private key
     * @param roots what workloads shall trust
     */
    public record KeyFiles(Path chain, Path key, Path roots) implements Supplied {
        @Override
        public String where() {
            return chain.toString();
        }
    }

    /**
     * A PKCS#12 key store with one private key; its chain ends with the root, unless roots are
     * given. Further certificates of the store are roots, too.
     */
    public record KeyStoreFile(Path store, Secret password, @Nullable Path roots)
            implements Supplied {
        @Override
        public String where() {
            return store.toString();
        }
    }

    /** Read already, as from a Kubernetes Secret. */
    public record PemText(String where, String chainPem, Secret keyPem, String rootsPem)
            implements Supplied {}
}
