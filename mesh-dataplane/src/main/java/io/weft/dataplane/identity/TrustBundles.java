package io.weft.dataplane.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The root certificates of each trust domain that is trusted; immutable.
 *
 * @param byTrustDomain never the roots of one for the identities of another
 */
public record TrustBundles(Map<String, List<X509Certificate>> byTrustDomain) {

    public static final TrustBundles NONE = new TrustBundles(Map.of());

    public TrustBundles {
        byTrustDomain =
                byTrustDomain.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, e -> List.copyOf(e.getValue())));
    }

    /**
     * Reads bundles from trust domain → PEM.
     *
     * @throws IllegalArgumentException when one is not readable, with its trust domain
     */
    public static TrustBundles parse(Map<String, String> pemByTrustDomain) {
        return new TrustBundles(
                pemByTrustDomain.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, e -> read(e.getKey(), e.getValue()))));
    }

    private static List<X509Certificate> read(String trustDomain, String pem) {
        try {
            return Pem.certificates(pem);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "trust bundle of " + trustDomain + ": " + e.getMessage(), e);
        }
    }

    /** The roots of one trust domain, empty when it is not trusted. */
    public List<X509Certificate> roots(String trustDomain) {
        return byTrustDomain.getOrDefault(trustDomain, List.of());
    }
}
