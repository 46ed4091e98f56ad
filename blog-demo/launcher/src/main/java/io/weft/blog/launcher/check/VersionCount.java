package io.weft.blog.launcher.check;

import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.HttpSession;
import io.weft.blog.launcher.net.Target;
import java.io.IOException;
import java.time.Duration;

/**
 * Which version of blog-api answered how often.
 *
 * @param other answers that were not 200, or told no version
 */
record VersionCount(int v1, int v2, int other) {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Sends the same request so often, one after the other. */
    static VersionCount of(Target target, int calls, HttpQuestion question) throws IOException {
        int v1 = 0;
        int v2 = 0;
        int other = 0;
        try (HttpSession session = new HttpSession(target, TIMEOUT)) {
            for (int i = 0; i < calls; i++) {
                HttpAnswer answer = session.exchange(question);
                String version =
                        answer.status() == 200 ? answer.header("x-blog-version").orElse("") : "";
                switch (version) {
                    case "v1" -> v1++;
                    case "v2" -> v2++;
                    default -> other++;
                }
            }
        }
        return new VersionCount(v1, v2, other);
    }

    int total() {
        return v1 + v2;
    }

    @Override
    public String toString() {
        return "v1 " + v1 + ", v2 " + v2 + (other == 0 ? "" : ", other " + other);
    }
}
