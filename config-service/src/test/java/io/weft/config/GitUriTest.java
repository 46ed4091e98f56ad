package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitUriTest {

    @Test
    void aFolderOfThisMachineIsLocal() {
        for (String uri :
                new String[] {
                    "file:///srv/a%20b",
                    "file:/srv/a%20b",
                    "/srv/a b",
                    "file:///srv/a b/",
                    "FILE:///srv/x/../a%20b"
                }) {
            assertThat(GitUri.parse(uri)).as(uri).isEqualTo(new GitUri.Local(Path.of("/srv/a b")));
        }
    }

    @Test
    void credentialsAreTakenOutOfTheUri() {
        GitUri.Remote remote =
                (GitUri.Remote) GitUri.parse("https://bob:se%40cret@example.com:8443/x.git");

        assertThat(remote.display()).isEqualTo("https://example.com:8443/x.git");
        assertThat(remote.user()).isEqualTo("bob");
        assertThat(remote.password()).isEqualTo(new Secret("se@cret"));
        assertThat(remote.toString()).doesNotContain("se@cret", "se%40cret");
    }

    @Test
    void theUserOfSshStaysAndItsPasswordGoes() {
        assertThat(((GitUri.Remote) GitUri.parse("ssh://git@example.com/x.git")).display())
                .isEqualTo("ssh://git@example.com/x.git");
        assertThat(((GitUri.Remote) GitUri.parse("ssh://git:pw@example.com/x.git")).display())
                .isEqualTo("ssh://git@example.com/x.git");
        assertThat(((GitUri.Remote) GitUri.parse("git@example.com:team/x.git")).display())
                .isEqualTo("git@example.com:team/x.git");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ext::sh -c id",
                "ext::id",
                "fd::7",
                "git://example.com/x",
                "ftp://example.com/x",
                "jar:file:///x",
                "file://host/x",
                "-u:x",
                "host:-x y",
                "http:///x",
                "http://h/x?y",
                "javascript:alert(1)",
                "https://h/x\nb",
                "--upload-pack=x",
                "transport::http://x"
            })
    void whatIsNoSafeUriIsRefused(String uri) {
        assertThatThrownBy(() -> GitUri.parse(uri))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining("(expected: ");
    }

    @Test
    void aRefusalDoesNotShowThePassword() {
        assertThatThrownBy(() -> GitUri.parse("ftp://bob:se-cret@example.com/x"))
                .hasMessageNotContaining("se-cret");
        assertThatThrownBy(() -> GitUri.parse("https://bob:se cret@example.com/x"))
                .hasMessageNotContaining("se cret");
    }
}
