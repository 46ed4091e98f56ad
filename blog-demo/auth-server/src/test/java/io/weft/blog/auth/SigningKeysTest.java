package io.weft.blog.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

class SigningKeysTest {

    @TempDir Path folder;

    @Test
    void aKeyFromAFileDecidesTheAlgorithm() throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).keyID("mine").generate();
        SigningKeys keys = SigningKeys.fromFile(file(key.toJSONString()));
        assertThat(keys.algorithm()).isEqualTo(SignatureAlgorithm.ES256);
        assertThat(keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null))
                .extracting(found -> found.getKeyID())
                .containsExactly("mine");
    }

    @Test
    void aFileThatHoldsNoPrivateKeyIsRefusedWithItsName() throws Exception {
        var key = new ECKeyGenerator(Curve.P_256).keyID("mine").generate();
        Path half = file(key.toPublicJWK().toJSONString());
        assertThatThrownBy(() -> SigningKeys.fromFile(half))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(half.toString());
        assertThatThrownBy(() -> SigningKeys.fromFile(file("nonsense")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("RFC 7517");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("key.json"), content);
    }
}
