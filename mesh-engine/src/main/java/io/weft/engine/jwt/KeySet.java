package io.weft.engine.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys of an issuer. Only these verify: keys that a token brings or points to ({@code jwk},
 * {@code jku}, {@code x5u}, {@code x5c}) are not looked at, and a key only serves algorithms of its
 * own type, so that a public RSA key never becomes an HMAC secret.
 */
final class KeySet {

    private static final int MIN_RSA_BITS = 2048;

    /** As SPIFFE marks keys of tokens in its bundles; those of certificates verify none. */
    private static final String JWT_SVID = "jwt-svid";

    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private final List<Key> keys;

    private KeySet(List<Key> keys) {
        this.keys = keys;
    }

    /** Reads a JWK set; keys that cannot be read or do not verify signatures are left out. */
    static KeySet parse(@Nullable String json) {
        List<Key> keys = new ArrayList<>();
        for (Map<String, Object> members : keysOf(json)) {
            Key key = read(members);
            if (key != null) {
                keys.add(key);
            }
        }
        return new KeySet(List.copyOf(keys));
    }

    /** A set that cannot be read has no key: then no token verifies. */
    private static List<Map<String, Object>> keysOf(@Nullable String json) {
        if (json == null) {
            return List.of();
        }
        try {
            Jwks set = JSON.readValue(json, Jwks.class);
            return set == null || set.keys == null ? List.of() : set.keys;
        } catch (JacksonException e) {
            return List.of();
        }
    }

    /** One at a time, since issuers may add keys of kinds that are not known here. */
    private static @Nullable Key read(Map<String, Object> members) {
        try {
            return Key.of(JWK.parse(members));
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            return null;
        }
    }

    private record Jwks(@Nullable List<Map<String, Object>> keys) {}

    /**
     * Verifies a signature.
     *
     * @return null when a key verifies it, else why none does
     */
    @Nullable String verify(JWSHeader header, byte[] signingInput, Base64URL signature) {
        String kid = header.getKeyID();
        boolean known = false;
        for (Key key : keys) {
            boolean named = kid == null || kid.equals(key.jwk.getKeyID());
            if (named && key.serves(header.getAlgorithm())) {
                known = true;
                if (key.verifies(header, signingInput, signature)) {
                    return null;
                }
            }
        }
        if (keys.isEmpty()) {
            return "the issuer's keys are not available";
        }
        return known
                ? "the token's signature is not valid"
                : "the issuer has no key of the token's kid and algorithm";
    }

    private record Key(JWK jwk, List<JWSAlgorithm> algorithms, @Nullable JWSVerifier verifier) {

        static @Nullable Key of(JWK jwk) {
            boolean signs =
                    jwk.getKeyUse() == null
                            || KeyUse.SIGNATURE.equals(jwk.getKeyUse())
                            || JWT_SVID.equals(jwk.getKeyUse().identifier());
            boolean verifies =
                    jwk.getKeyOperations() == null
                            || jwk.getKeyOperations().contains(KeyOperation.VERIFY);
            if (!signs || !verifies) {
                return null;
            }
            try {
                return switch (jwk) {
                    case RSAKey rsa when rsa.size() >= MIN_RSA_BITS ->
                            new Key(jwk, Algorithms.RSA, new RSASSAVerifier(rsa.toPublicJWK()));
                    case ECKey ec ->
                            new Key(jwk, Algorithms.of(ec.getCurve()), new ECDSAVerifier(ec));
                    case OctetSequenceKey secret ->
                            new Key(jwk, Algorithms.hmac(secret.size()), new MACVerifier(secret));
                    case OctetKeyPair pair -> new Key(jwk, Algorithms.of(pair.getCurve()), null);
                    default -> null;
                };
            } catch (JOSEException e) {
                // Off-curve points and the like: such a key verifies nothing.
                return null;
            }
        }

        boolean serves(JWSAlgorithm algorithm) {
            boolean declared = jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(algorithm);
            return declared && algorithms.contains(algorithm);
        }

        boolean verifies(JWSHeader header, byte[] input, Base64URL signature) {
            try {
                return verifier == null
                        ? Ed25519.verifies((OctetKeyPair) jwk, input, signature.decode())
                        : verifier.verify(header, input, signature);
            } catch (JOSEException e) {
                return false;
            }
        }
    }
}
