package io.weft.blog.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.UUID;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

/**
 * The key that signs and the one that signed before it: tokens of the previous key stay valid until
 * the next rotation. Safe for use by many threads.
 */
final class SigningKeys implements JWKSource<SecurityContext> {

    private static final int RSA_BITS = 2048;

    private final AuthProperties.KeyAlgorithm algorithm;

    /** The key that signs comes first. */
    private volatile List<JWK> keys;

    private SigningKeys(AuthProperties.KeyAlgorithm algorithm, JWK first) {
        this.algorithm = algorithm;
        this.keys = List.of(first);
    }

    static SigningKeys generated(AuthProperties.KeyAlgorithm algorithm) {
        return new SigningKeys(algorithm, generate(algorithm));
    }

    /** Signs with the private JSON Web Key (RFC 7517) in the file, RSA or EC on P-256. */
    static SigningKeys fromFile(Path file) throws IOException {
        try {
            JWK key = JWK.parse(Files.readString(file));
            if (!key.isPrivate() || key.getKeyID() == null) {
                throw new IOException(
                        file
                                + ": not a key to sign with (expected: a private JSON Web Key with a kid)");
            }
            return switch (key.getKeyType().getValue()) {
                case "RSA" -> new SigningKeys(AuthProperties.KeyAlgorithm.RS256, key);
                case "EC" -> new SigningKeys(AuthProperties.KeyAlgorithm.ES256, key);
                default ->
                        throw new IOException(
                                file + ": kty: " + key.getKeyType() + " (expected: RSA or EC)");
            };
        } catch (ParseException e) {
            throw new IOException(file + ": not a JSON Web Key (RFC 7517): " + e.getMessage(), e);
        }
    }

    /** Makes a new key that signs from now on, and returns its id. */
    synchronized String rotate() {
        JWK next = generate(algorithm);
        keys = List.of(next, keys.getFirst());
        return next.getKeyID();
    }

    SignatureAlgorithm algorithm() {
        return switch (algorithm) {
            case RS256 -> SignatureAlgorithm.RS256;
            case ES256 -> SignatureAlgorithm.ES256;
        };
    }

    /** In the order of {@link #keys}, so that the first match is the key that signs. */
    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) {
        return selector.select(new JWKSet(keys));
    }

    private static JWK generate(AuthProperties.KeyAlgorithm algorithm) {
        String id = UUID.randomUUID().toString();
        try {
            return switch (algorithm) {
                case RS256 ->
                        new RSAKeyGenerator(RSA_BITS)
                                .keyUse(KeyUse.SIGNATURE)
                                .algorithm(JWSAlgorithm.RS256)
                                .keyID(id)
                                .generate();
                case ES256 ->
                        new ECKeyGenerator(Curve.P_256)
                                .keyUse(KeyUse.SIGNATURE)
                                .algorithm(JWSAlgorithm.ES256)
                                .keyID(id)
                                .generate();
            };
        } catch (JOSEException e) {
            throw new IllegalStateException("no key for " + algorithm + " can be made", e);
        }
    }
}
