package io.weft.engine.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.weft.model.resource.JwksSet;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** An issuer with an RSA and an EC key, and tokens signed by hand where a library would refuse. */
final class TestIssuer {

    static final String ISSUER = "https://auth.example.com";

    final RSAKey rsa;
    final ECKey ec;

    TestIssuer() {
        try {
            rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
            ec = new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    JwksSet jwks(String name) {
        return new JwksSet(name, new JWKSet(List.of(rsa, ec)).toPublicJWKSet().toString());
    }

    String token(String claims) {
        return rsa(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build(), claims);
    }

    String rsa(JWSHeader header, String claims) {
        try {
            return sign(header, claims, new RSASSASigner(rsa));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String ec(String claims) {
        try {
            return sign(
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec-1").build(),
                    claims,
                    new ECDSASigner(ec));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sign(JWSHeader header, String claims, JWSSigner signer) throws JOSEException {
        JWSObject object = new JWSObject(header, new Payload(claims));
        object.sign(signer);
        return object.serialize();
    }

    /** A header that no library would write, rightly signed with the RSA key. */
    String handMade(String headerJson, String claims) throws Exception {
        String input = encode(headerJson) + "." + encode(claims);
        java.security.Signature signature = java.security.Signature.getInstance("SHA256withRSA");
        signature.initSign(rsa.toPrivateKey());
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        return input
                + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    static String encode(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
