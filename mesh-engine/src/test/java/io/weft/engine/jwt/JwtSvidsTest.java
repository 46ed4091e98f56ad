package io.weft.engine.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.weft.engine.MeshClock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JwtSvidsTest {

    private final ECKey ours = key("ours");
    private final ECKey theirs = key("theirs");
    private final JwtSvids svids =
            new JwtSvids(
                    () -> Map.of("cluster.local", keys(ours), "partner.example", keys(theirs)),
                    MeshClock.system());

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String keys(ECKey key) {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    private static String token(ECKey key, String claims) throws Exception {
        JWSObject token =
                new JWSObject(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                        new Payload(claims));
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static String claims(String subject) {
        long end = MeshClock.system().now().getEpochSecond() + 300;
        return "{\"sub\":\"" + subject + "\",\"aud\":[\"api\"],\"exp\":" + end + "}";
    }

    @Test
    void anotherTrustDomainMayNameItsWorkloadsAsItLikes() throws Exception {
        for (String subject :
                new String[] {
                    "spiffe://partner.example/billing",
                    "spiffe://partner.example/region/eu/payments",
                    "spiffe://partner.example/ns/a/sa/b"
                }) {
            assertThat(svids.verify(token(theirs, claims(subject)), "api").subject())
                    .isEqualTo(subject);
        }
    }

    @Test
    void keysVouchForTheirOwnTrustDomainOnly() throws Exception {
        String forged = token(theirs, claims("spiffe://cluster.local/ns/a/sa/b"));
        assertThatThrownBy(() -> svids.verify(forged, "api"))
                .isInstanceOf(IllegalArgumentException.class);
        String unknown = token(theirs, claims("spiffe://elsewhere.example/x"));
        assertThatThrownBy(() -> svids.verify(unknown, "api"))
                .hasMessageContaining("no keys of trust domain elsewhere.example");
    }

    @Test
    void whatIsNoSpiffeIdIsNoSubject() throws Exception {
        for (String subject :
                new String[] {
                    "",
                    "ann",
                    "https://partner.example/x",
                    "spiffe://partner.example",
                    "spiffe://partner.example/../x",
                    "spiffe://partner.example/x?y"
                }) {
            String token = token(theirs, claims(subject));
            assertThatThrownBy(() -> svids.verify(token, "api"))
                    .as(subject)
                    .hasMessageContaining("not a SPIFFE ID");
        }
    }
}
