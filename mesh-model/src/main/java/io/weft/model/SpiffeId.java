package io.weft.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A workload's SPIFFE identity in Istio's form, {@code
 * spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT}.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md">SPIFFE-ID</a>
 */
public record SpiffeId(String trustDomain, String namespace, String serviceAccount) {

    private static final String SCHEME = "spiffe://";
    private static final int MAX_LENGTH = 2048;
    private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");
    private static final Pattern SEGMENT = Pattern.compile("[a-zA-Z0-9._-]{1,253}");

    public SpiffeId {
        require("trust domain", trustDomain, TRUST_DOMAIN);
        require("namespace", namespace, SEGMENT);
        require("service account", serviceAccount, SEGMENT);
    }

    private static void require(String what, String value, Pattern pattern) {
        if (!pattern.matcher(value).matches() || value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException(
                    what + ": '" + value + "' (expected: " + pattern.pattern() + ")");
        }
    }

    /** Reads a URI of the form above; empty when it has any other form. Never throws. */
    public static Optional<SpiffeId> parse(String uri) {
        if (uri.length() > MAX_LENGTH || !uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String[] parts = uri.substring(SCHEME.length()).split("/", -1);
        if (parts.length != 5
                || !parts[1].equals("ns")
                || !parts[3].equals("sa")
                || !TRUST_DOMAIN.matcher(parts[0]).matches()
                || !isSegment(parts[2])
                || !isSegment(parts[4])) {
            return Optional.empty();
        }
        return Optional.of(new SpiffeId(parts[0], parts[2], parts[4]));
    }

    /**
     * The trust domain of a SPIFFE ID with whatever path, as those of other systems are; empty when
     * it is none. Never throws.
     */
    public static Optional<String> trustDomainOf(String uri) {
        if (uri.length() > MAX_LENGTH || !uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String[] parts = uri.substring(SCHEME.length()).split("/", -1);
        boolean wellFormed = parts.length > 1 && TRUST_DOMAIN.matcher(parts[0]).matches();
        for (int i = 1; i < parts.length; i++) {
            wellFormed = wellFormed && isSegment(parts[i]);
        }
        return wellFormed ? Optional.of(parts[0]) : Optional.empty();
    }

    private static boolean isSegment(String value) {
        return SEGMENT.matcher(value).matches() && !value.equals(".") && !value.equals("..");
    }

    /** The URI, as it stands in the certificate's only URI SAN. */
    public String uri() {
        return SCHEME + principal();
    }

    /** The URI without its scheme, as Istio's policies write principals. */
    public String principal() {
        return trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount;
    }

    @Override
    public String toString() {
        return uri();
    }
}
