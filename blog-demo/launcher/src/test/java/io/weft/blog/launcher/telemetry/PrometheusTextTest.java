package io.weft.blog.launcher.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

    @Test
    void readsLabelsWithEscapesAndLeavesCommentsOut() {
        String text =
                """
                # HELP requests How many
                # TYPE requests counter
                requests_total{code="200",path="a\\"b\\\\c",} 12.0
                requests_total{code="500"} 3 1700000000000
                up 1
                bucket{le="+Inf"} NaNothing
                """;
        assertThat(PrometheusText.parse(text))
                .containsExactly(
                        new Sample("requests_total", Map.of("code", "200", "path", "a\"b\\c"), 12),
                        new Sample("requests_total", Map.of("code", "500"), 3),
                        new Sample("up", Map.of(), 1));
    }
}
