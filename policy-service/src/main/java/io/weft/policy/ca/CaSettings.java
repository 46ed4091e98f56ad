package io.weft.policy.ca;

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
 * @param files keys made elsewhere; null to make them in the state directory on first start
 */
public record CaSettings(
        String trustDomain,
        Duration svidLifetime,
        int issuesPerMinute,
        List<String> serverNames,
        @Nullable KeyFiles files) {

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
        if (svidLifetime.compareTo(Duration.ofMinutes(1)) < 0
                || svidLifetime.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException(
                    "SVID lifetime: " + svidLifetime + " (expected: PT1M to P30D)");
        }
        if (issuesPerMinute < 1) {
            throw new IllegalArgumentException(
                    "issues per minute: " + issuesPerMinute + " (expected: >= 1)");
        }
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

    /**
     * An authority made elsewhere, PEM.
     *
     * @param chain the signing certificate first, then what leads to a root (the roots left out)
     * @param key its private key
     * @param roots what workloads shall trust
     */
    public record KeyFiles(Path chain, Path key, Path roots) {}
}
