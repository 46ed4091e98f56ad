package io.weft.cli.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.shell.StructuredText;
import io.weft.cli.shell.Style;
import io.weft.cli.support.CheckReport.Category;
import io.weft.cli.support.CheckReport.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The form of Linkerd's check, line for line. */
class CheckReportTest {

    private static final Path CASES = Path.of("../../shared/conformance/cli/output.json");

    @Test
    void printsWhatLinkerdPrints() throws Exception {
        Assumptions.assumeTrue(Files.exists(CASES), "no conformance data at " + CASES);
        JsonNode cases = JsonMapper.shared().readTree(Files.readString(CASES)).path("check");
        assertThat(cases.size()).isPositive();
        for (JsonNode one : cases) {
            CheckReport report = report(one.path("checks"));
            if (one.has("outputLines")) {
                List<String> expected =
                        one.path("outputLines").valueStream().map(JsonNode::asString).toList();
                // The case ends with an empty line for its caller's next one.
                assertThat(report.lines(Style.PLAIN, false))
                        .isEqualTo(expected.subList(0, expected.size() - 1));
            } else {
                assertThat(JsonMapper.shared().readTree(StructuredText.json(report)))
                        .isEqualTo(one.path("outputValue"));
            }
        }
        System.out.printf("cli check formats: %d of %d%n", cases.size(), cases.size());
    }

    private static CheckReport report(JsonNode categories) {
        List<Category> all = new ArrayList<>();
        for (JsonNode category : categories) {
            List<Check> checks = new ArrayList<>();
            for (JsonNode each : category.path("checks")) {
                checks.add(
                        new Check(
                                each.path("description").asString(""),
                                each.path("hint").asString(""),
                                each.path("error").asString(""),
                                each.path("result").asString("")));
            }
            all.add(new Category(category.path("categoryName").asString(""), checks));
        }
        return CheckReport.of(all);
    }

    @Test
    void inShortOnlyTroublesAreToldAndAWarningIsNoFailure() {
        CheckReport report =
                CheckReport.of(
                        List.of(
                                new Category(
                                        "proxies",
                                        List.of(
                                                Check.good("all is well"),
                                                Check.warning("one lags", "web-0", "docs/x.md")))));
        assertThat(report.success()).isTrue();
        assertThat(report.lines(Style.PLAIN, true))
                .containsExactly(
                        "proxies",
                        "-------",
                        "‼ one lags",
                        "    web-0",
                        "    see docs/x.md for hints",
                        "");
        assertThat(report.lastLine(Style.PLAIN)).isEqualTo("Status check results are √");
    }
}
