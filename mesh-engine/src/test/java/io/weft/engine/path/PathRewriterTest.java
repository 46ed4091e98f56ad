package io.weft.engine.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.route.PathRewrite;
import org.junit.jupiter.api.Test;

class PathRewriterTest {

    private static String rewrite(PathRewrite rewrite, String path) {
        return PathRewriter.compile(rewrite).rewrite(path);
    }

    @Test
    void istioPrefixesAreReplacedAsPlainText() {
        assertThat(rewrite(new PathRewrite.Prefix("/foo", "/bar", false), "/foobar"))
                .isEqualTo("/barbar");
        assertThat(rewrite(new PathRewrite.Prefix("/api/", "/", false), "/api/v1"))
                .isEqualTo("/v1");
        assertThat(rewrite(new PathRewrite.Prefix("/api", "", false), "/api")).isEqualTo("/");
        assertThat(rewrite(new PathRewrite.Prefix("/api", "/x", false), "/other"))
                .isEqualTo("/other");
    }

    @Test
    void gatewayApiPrefixesAreReplacedBySegments() {
        assertThat(rewrite(new PathRewrite.Prefix("/foo", "/xyz", true), "/foo/bar"))
                .isEqualTo("/xyz/bar");
        assertThat(rewrite(new PathRewrite.Prefix("/foo/", "/xyz/", true), "/foo/bar"))
                .isEqualTo("/xyz/bar");
        assertThat(rewrite(new PathRewrite.Prefix("/foo", "/", true), "/foo/bar"))
                .isEqualTo("/bar");
        assertThat(rewrite(new PathRewrite.Prefix("/foo", "", true), "/foo")).isEqualTo("/");
        assertThat(rewrite(new PathRewrite.Prefix("/foo", "/xyz", true), "/foobar"))
                .isEqualTo("/foobar");
    }

    @Test
    void regularExpressionsReplaceWithRe2Groups() {
        assertThat(
                        rewrite(
                                new PathRewrite.Regex(
                                        "^/service/([^/]+)(/.*)$", "\\2/instance/\\1"),
                                "/service/foo/v1/api"))
                .isEqualTo("/v1/api/instance/foo");
        assertThat(rewrite(new PathRewrite.Regex("a", "$1\\\\"), "/xax")).isEqualTo("/x$1\\x");
        assertThat(rewrite(new PathRewrite.Regex("(b)", "\\10"), "/b")).isEqualTo("/b0");
    }

    @Test
    void refusesGroupsThatDoNotExist() {
        assertThatThrownBy(() -> PathRewriter.compile(new PathRewrite.Regex("a", "\\1")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
