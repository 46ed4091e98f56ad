package io.weft.policy.federation;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What vouches for the identities of a trust domain, as a JWK set.
 *
 * @param tokenKeys public keys of its JWT-SVIDs, each a JWK with {@code use} and {@code kid}
 * @param sequence grows with each change of the roots
 * @param refreshHint how soon it should be fetched again
 * @see <a
 *     href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md">SPIFFE
 *     Trust Domain and Bundle, 4</a>
 */
public record SpiffeBundle(
        List<X509Certificate> roots, List<String> tokenKeys, long sequence, Duration refreshHint) {

    /** What is asked of others: often enough for an overlap of roots to be seen. */
    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(5);

    private static final int MAX_KEYS = 100;
    private static final String X509_SVID = "x509-svid";
    private static final String JWT_SVID = "jwt-svid";
    private static final Set<String> PRIVATE = Set.of("d", "k", "p", "q", "dp", "dq", "qi", "oth");

    public SpiffeBundle {
        roots = List.copyOf(roots);
        tokenKeys = List.copyOf(tokenKeys);
    }

    /** The document that other trust domains fetch. */
    public String toJson() {
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode document = mapper.createObjectNode();
        document.put("spiffe_sequence", sequence);
        document.put("spiffe_refresh_hint", refreshHint.toSeconds());
        var keys = document.putArray("keys");
        for (X509Certificate root : roots) {
            ObjectNode key = keys.addObject();
            key.put("use", X509_SVID);
            publicKey(root, key);
            try {
                key.putArray("x5c").add(Base64.getEncoder().encodeToString(root.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read can be written", e);
            }
        }
        tokenKeys.forEach(key -> keys.add(mapper.readTree(key)));
        return mapper.writeValueAsString(document);
    }

    /** Keys of JWT-SVIDs as one JWK set, as verifiers take it. */
    public static String jwks(List<String> keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    private static void publicKey(X509Certificate root, ObjectNode key) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        switch (root.getPublicKey()) {
            case ECPublicKey ec -> {
                int bits = ec.getParams().getCurve().getField().getFieldSize();
                int bytes = (bits + 7) / 8;
                key.put("kty", "EC");
                key.put("crv", "P-" + bits);
                key.put("x", base64.encodeToString(fixed(ec.getW().getAffineX(), bytes)));
                key.put("y", base64.encodeToString(fixed(ec.getW().getAffineY(), bytes)));
            }
            case RSAPublicKey rsa -> {
                key.put("kty", "RSA");
                key.put("n", base64.encodeToString(unsigned(rsa.getModulus())));
                key.put("e", base64.encodeToString(unsigned(rsa.getPublicExponent())));
            }
            default ->
                    throw new IllegalStateException(
                            "root key: " + root.getPublicKey().getAlgorithm());
        }
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes.length > 1 && bytes[0] == 0
                ? Arrays.copyOfRange(bytes, 1, bytes.length)
                : bytes;
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] bytes = unsigned(value);
        byte[] padded = new byte[length];
        System.arraycopy(bytes, 0, padded, length - bytes.length, bytes.length);
        return padded;
    }

    /**
     * Reads a document. Keys of other uses are passed over, as the standard says.
     *
     * @throws IllegalArgumentException when it is not such a document or has no roots
     */
    public static SpiffeBundle parse(String json) {
        JsonNode document;
        try {
            document = JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "bundle: not readable (expected: a JWK set): " + e.getOriginalMessage(), e);
        }
        JsonNode keys = document.path("keys");
        if (!keys.isArray() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "bundle: keys (expected: an array of at most " + MAX_KEYS + ")");
        }
        List<X509Certificate> roots = new ArrayList<>();
        List<String> tokenKeys = new ArrayList<>();
        for (JsonNode key : keys) {
            if (key.path("use").asString("").equals(X509_SVID)) {
                roots.add(root(key.path("x5c")));
            } else if (key.path("use").asString("").equals(JWT_SVID) && isPublic(key)) {
                tokenKeys.add(key.toString());
            }
        }
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("bundle: no key of use x509-svid (expected: roots)");
        }
        long hint = document.path("spiffe_refresh_hint").asLong(DEFAULT_REFRESH.toSeconds());
        return new SpiffeBundle(
                roots,
                tokenKeys,
                document.path("spiffe_sequence").asLong(0),
                Duration.ofSeconds(Math.clamp(hint, 1, Duration.ofDays(1).toSeconds())));
    }

    /** What could sign as well is nobody's to hand on; without a name no token leads to it. */
    private static boolean isPublic(JsonNode key) {
        return !key.path("kid").asString("").isEmpty()
                && key.propertyNames().stream().noneMatch(PRIVATE::contains);
    }

    private static X509Certificate root(JsonNode chain) {
        if (!chain.isArray() || chain.size() != 1) {
            throw new IllegalArgumentException(
                    "bundle: x5c of " + chain.size() + " (expected: exactly one certificate)");
        }
        try {
            byte[] der = Base64.getDecoder().decode(chain.get(0).asString(""));
            X509Certificate root =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(der));
            if (root.getBasicConstraints() < 0) {
                throw new IllegalArgumentException("an authority's certificate is expected");
            }
            return root;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("bundle: x5c not readable: " + e.getMessage(), e);
        }
    }
}
