package io.weft.cli.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RedactionTest {

    @Test
    void whatIsSecretIsHiddenWhereverItStands() {
        String shown =
                Redaction.of(
                                JsonMapper.shared()
                                        .readTree(
                                                """
                                                {"keyPem": "abc", "client_secret_key": "s3cret", "name": "web",
                                                 "url": "redis://user:pa55@host:6379", "list": [{"password": "x1x1"}],
                                                 "text": "-----BEGIN PRIVATE KEY-----\\nMIIabc\\n-----END PRIVATE KEY-----",
                                                 "header": "authorization: Bearer abcdefghij.klm",
                                                 "jwt": "eyJhbGciOi.eyJzdWIiOi.c2ln", "count": 3}
                                                """))
                        .toString();
        assertThat(shown)
                .doesNotContain("abc", "s3cret", "pa55", "x1x1", "MII", "klm", "eyJ")
                .contains("\"name\":\"web\"", "redis://[redacted]@host", "\"count\":3");
    }

    @Test
    void whatIsNotSecretStaysAsItIs() {
        String plain =
                "{\"host\":\"api\",\"tokens\":[\"https://issuer\"],\"chainPem\":\"-----BEGIN CERTIFICATE-----\"}";
        assertThat(Redaction.of(JsonMapper.shared().readTree(plain)).toString()).isEqualTo(plain);
    }
}
