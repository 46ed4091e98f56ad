package io.weft.testkit.lab.mesh;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An issuer's keys, and a stranger's. Signs whatever it is told to, also what no issuer would: bad
 * tokens are part of a test. Immutable.
 */
record IssuerKeys(String name, KeyPair rsa, KeyPair ec, KeyPair otherRsa, KeyPair otherEc) {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int COORDINATE = 32;

    /** Whose key signs. */
    enum Use {
        OWN,
        OTHER,
        NONE
    }

    static IssuerKeys make() {
        return new IssuerKeys(
                UUID.randomUUID().toString().substring(0, 8),
                newRsa(),
                LabPki.newKeys(),
                newRsa(),
                LabPki.newKeys());
    }

    private static KeyPair newRsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /** The header of an honest token. */
    Map<String, @Nullable Object> header() {
        Map<String, @Nullable Object> header = new LinkedHashMap<>();
        header.put("alg", "RS256");
        header.put("typ", "JWT");
        header.put("kid", name + "-rsa");
        return header;
    }

    /** Compact form (RFC 7515); an algorithm that is not known gets no signature. */
    String sign(
            Map<String, @Nullable Object> header, Map<String, @Nullable Object> payload, Use use) {
        String signed =
                BASE64.encodeToString(JSON.writeValueAsBytes(header))
                        + "."
                        + BASE64.encodeToString(JSON.writeValueAsBytes(payload));
        byte[] signature =
                use == Use.NONE
                        ? new byte[0]
                        : signature(String.valueOf(header.get("alg")), signed, use == Use.OTHER);
        return signed + "." + BASE64.encodeToString(signature);
    }

    private byte[] signature(String algorithm, String text, boolean other) {
        KeyPair myRsa = other ? otherRsa : rsa;
        KeyPair myEc = other ? otherEc : ec;
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try {
            return switch (algorithm) {
                case "RS256" -> sign("SHA256withRSA", myRsa.getPrivate(), bytes);
                case "RS384" -> sign("SHA384withRSA", myRsa.getPrivate(), bytes);
                case "RS512" -> sign("SHA512withRSA", myRsa.getPrivate(), bytes);
                case "ES256" -> sign("SHA256withECDSAinP1363Format", myEc.getPrivate(), bytes);
                // The known confusion: the public key used as if it were a shared secret.
                case "HS256" -> mac(myRsa.getPublic().getEncoded(), bytes);
                default -> new byte[0];
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + algorithm, e);
        }
    }

    private static byte[] sign(String algorithm, PrivateKey key, byte[] text)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        return signature.sign();
    }

    private static byte[] mac(byte[] secret, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return mac.doFinal(text);
    }

    /** The public keys of some issuers (RFC 7517). */
    static String keySet(List<IssuerKeys> issuers) {
        List<Map<String, String>> keys = new ArrayList<>();
        for (IssuerKeys issuer : issuers) {
            RSAPublicKey rsa = (RSAPublicKey) issuer.rsa.getPublic();
            keys.add(
                    Map.of(
                            "kty",
                            "RSA",
                            "use",
                            "sig",
                            "alg",
                            "RS256",
                            "kid",
                            issuer.name + "-rsa",
                            "n",
                            unsigned(rsa.getModulus(), 0),
                            "e",
                            unsigned(rsa.getPublicExponent(), 0)));
            ECPublicKey ec = (ECPublicKey) issuer.ec.getPublic();
            keys.add(
                    Map.of(
                            "kty", "EC",
                            "use", "sig",
                            "alg", "ES256",
                            "crv", "P-256",
                            "kid", issuer.name + "-ec",
                            "x", unsigned(ec.getW().getAffineX(), COORDINATE),
                            "y", unsigned(ec.getW().getAffineY(), COORDINATE)));
        }
        return JSON.writeValueAsString(Map.of("keys", keys));
    }

    private static String unsigned(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        int start = signed.length > 1 && signed[0] == 0 ? 1 : 0;
        int size = Math.max(signed.length - start, length);
        byte[] unsigned = new byte[size];
        System.arraycopy(
                signed, start, unsigned, size - (signed.length - start), signed.length - start);
        return BASE64.encodeToString(unsigned);
    }
}
