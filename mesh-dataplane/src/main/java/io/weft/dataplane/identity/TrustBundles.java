package io.weft.dataplane.identity;

import io.weft.model.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What vouches for the identities of each trust domain that is trusted; immutable.
 *
 * @param byTrustDomain never the roots of one for the identities of another; the root that signs
 *     comes first
 * @param tokenKeys public keys of JWT-SVIDs, JWK sets by trust domain
 * @param denied serial numbers (lower-case hexadecimal) and SPIFFE IDs that are not accepted
 */
public record TrustBundles(
        Map<String, List<X509Certificate>> byTrustDomain,
        Map<String, String> tokenKeys,
        Set<String> denied) {

    public static final TrustBundles NONE = new TrustBundles(Map.of(), Map.of(), Set.of());

    public TrustBundles {
        tokenKeys = Map.copyOf(tokenKeys);
        denied = Set.copyOf(denied);
        byTrustDomain =
                byTrustDomain.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, e -> List.copyOf(e.getValue())));
    }

    /**
     * Reads bundles from trust domain → PEM; nothing is denied.
     *
     * @throws IllegalArgumentException when one is not readable, with its trust domain
     */
    public static TrustBundles parse(Map<String, String> pemByTrustDomain) {
        return parse(pemByTrustDomain, Map.of(), Set.of());
    }

    /** As {@link #parse(Map)}, with keys of tokens and a deny-list. */
    public static TrustBundles parse(
            Map<String, String> pemByTrustDomain,
            Map<String, String> tokenKeys,
            Set<String> denied) {
        return new TrustBundles(
                pemByTrustDomain.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, e -> read(e.getKey(), e.getValue()))),
                tokenKeys,
                denied);
    }

    /** Whether a certificate is on the deny-list, by its serial number or its identity. */
    boolean isDenied(X509Certificate leaf, SpiffeId id) {
        return !denied.isEmpty()
                && (denied.contains(id.uri())
                        || denied.contains(leaf.getSerialNumber().toString(16)));
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
