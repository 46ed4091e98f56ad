package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.config.PathRules.Verdict;
import org.junit.jupiter.api.Test;

class PathRulesTest {

    private final PathRules rules = new PathRules(false);

    @Test
    void onlyReadingIsAllowedAndTheWebhookOnlyPosts() {
        assertThat(rules.judge("GET", "/mesh/bundle", null)).isEqualTo(Verdict.PASS);
        assertThat(rules.judge("HEAD", "/mesh/bundle", null)).isEqualTo(Verdict.PASS);
        for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"}) {
            assertThat(rules.judge(method, "/mesh/bundle", null))
                    .as(method)
                    .isEqualTo(Verdict.WRONG_METHOD);
            assertThat(rules.judge(method, "/blog-api/default", null))
                    .as(method)
                    .isEqualTo(Verdict.WRONG_METHOD);
        }
        assertThat(rules.judge("POST", "/mesh/webhook", null)).isEqualTo(Verdict.PASS);
        assertThat(rules.judge("GET", "/mesh/webhook", null)).isEqualTo(Verdict.WRONG_METHOD);
        assertThat(rules.judge("HEAD", "/mesh/watch", null)).isEqualTo(Verdict.WRONG_METHOD);
    }

    @Test
    void theShapesOfTheConfigServerPass() {
        for (String path :
                new String[] {
                    "/blog-api/default", "/blog-api/dev,prod", "/blog-api/dev%2Cprod/main",
                            "/blog-api/default/team(_)blue", "/blog-api/default/team%28_%29blue",
                    "/blog-api-dev.yml", "/a.b_c+d@e-dev.properties", "/main/blog-api-dev.json",
                            "/team(_)blue/blog-api-dev.yaml", "/blog-api/default/v1.2.3"
                }) {
            assertThat(rules.judge("GET", path, null)).as(path).isEqualTo(Verdict.PASS);
        }
    }

    @Test
    void wholeFilesPassOnlyWhenOpened() {
        assertThat(rules.judge("GET", "/blog-api/default/main/a/b.txt", null))
                .isEqualTo(Verdict.CLOSED);
        assertThat(new PathRules(true).judge("GET", "/blog-api/default/main/a/b.txt", null))
                .isEqualTo(Verdict.PASS);
        assertThat(new PathRules(true).judge("GET", "/blog-api/default/main/.git/config", null))
                .isEqualTo(Verdict.MALFORMED);
        assertThat(new PathRules(true).judge("GET", "/blog-api/default/x.txt", "useDefaultLabel"))
                .isEqualTo(Verdict.MALFORMED);
    }
}
