package io.weft.blog.launcher.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckReportTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aFailedQuestionIsAFailedRowAndTheListGoesOn() throws Exception {
        List<CheckRow> rows = new ArrayList<>();
        Findings findings = new Findings(4, rows::add);
        findings.equal(
                "breaks",
                200,
                () -> {
                    throw new java.io.IOException("closed");
                });
        findings.equal("differs", 200, () -> 403);
        findings.equal("holds", 200, () -> 200);
        assertThat(rows)
                .containsExactly(
                        new CheckRow("4.1", "breaks", false, "200", "IOException: closed"),
                        new CheckRow("4.2", "differs", false, "200", "403"),
                        new CheckRow("4.3", "holds", true, "200", "200"));
    }

    @Test
    void endsWithTheNumberOfPassedAndFailed() {
        CheckReport report = new CheckReport(out, false, false);
        List<CheckRow> rows =
                List.of(
                        new CheckRow("1.1", "one", true, "a", "a"),
                        new CheckRow("1.2", "two", false, "a", "b"));
        report.start();
        rows.forEach(report::row);
        assertThat(report.end(rows)).isFalse();
        assertThat(text().strip()).endsWith("1 passed, 1 failed");
        assertThat(text()).containsPattern("1\\.2 +two +failed +a +b");
    }

    @Test
    void asJsonThereIsOneDocumentAndNothingElse() {
        CheckReport report = new CheckReport(out, true, true);
        List<CheckRow> rows = List.of(new CheckRow("1.1", "one", true, "a", "a"));
        report.start();
        rows.forEach(report::row);
        assertThat(report.end(rows)).isTrue();
        JsonNode document = JsonMapper.shared().readTree(text());
        assertThat(document.path("passed").asInt()).isEqualTo(1);
        assertThat(document.path("rows").get(0).path("number").asString()).isEqualTo("1.1");
    }

    @Test
    void threeSigmasAreAllowedAndNoMore() {
        assertThat(Share.plausible(128, 1000, 0.1)).isTrue();
        assertThat(Share.plausible(72, 1000, 0.1)).isTrue();
        assertThat(Share.plausible(129, 1000, 0.1)).isFalse();
        assertThat(Share.plausible(71, 1000, 0.1)).isFalse();
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
