package io.weft.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginSettingsTest {

    private static LoginSettings settings(String issuer, boolean plain, String... hosts) {
        return new LoginSettings(
                "blog",
                issuer,
                "client",
                "a-secret",
                List.of("openid"),
                List.of(hosts),
                List.of("/app"),
                List.of("/app/public"),
                "/.weft/callback",
                "/.weft/logout",
                "/",
                LoginSettings.Forward.ACCESS_TOKEN,
                "authorization",
                false,
                Duration.ofHours(8),
                plain);
    }

    private final LoginSettings login =
            settings("https://login.example", false, "blog.example.com", "*.apps.example.com");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app",
                "/app/",
                "/app/x",
                "/%61pp/x",
                "/app%2fx",
                "//app/x",
                "/x/../app",
                "/./app/x",
                "/%2561pp",
                "/\\app",
                "/app;v=1/x",
                "/app/public/../x",
                "/app/public/%2e%2e/x",
                "/app/public%2f..%2fx",
                "/app/public//x",
                "/app/publicity"
            })
    void inDoubtALoginIsNeeded(String path) {
        assertThat(login.needed(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/application", "/app/public", "/app/public/x", "/other/app"})
    void whatIsPublicNeedsNone(String path) {
        assertThat(login.needed(path)).isFalse();
    }

    @Test
    void aHostIsServedByNameOrBelowAStar() {
        assertThat(login.serves("blog.example.com")).isTrue();
        assertThat(login.serves("a.apps.example.com")).isTrue();
        assertThat(login.serves("apps.example.com")).isFalse();
        assertThat(login.serves(".apps.example.com")).isFalse();
        assertThat(login.serves("blog.example.com.evil.example")).isFalse();
        assertThat(login.serves("evilblog.example.com")).isFalse();
    }

    @Test
    void whatCannotWorkIsRefusedWithWhatWasExpected() {
        assertThatThrownBy(() -> settings("http://login.example", false, "a.example"))
                .hasMessageContaining("login issuer: http://login.example (expected: https");
        assertThatThrownBy(() -> settings("https://login.example", false))
                .hasMessageContaining("login hosts");
        assertThatThrownBy(() -> settings("https://login.example", false, "Blog.Example"))
                .hasMessageContaining("lower-case");
        assertThat(settings("http://login.example", true, "a.example").toString())
                .doesNotContain("a-secret");
    }
}
