package io.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.shell.OutputFormat;
import io.weft.compiler.diagnostic.Level;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The formats of {@code istioctl analyze}, byte for byte where it prints text. */
class AnalysisFormatTest {

    private static final Path CASES = Path.of("../../shared/conformance/cli/output.json");

    @Test
    void printsWhatIstioctlPrints() throws Exception {
        Assumptions.assumeTrue(Files.exists(CASES), "no conformance data at " + CASES);
        JsonNode cases = JsonMapper.shared().readTree(Files.readString(CASES)).get("analyze");
        assertThat(cases).isNotEmpty();
        for (JsonNode one : cases) {
            List<Finding> findings = new ArrayList<>();
            one.get("messages").forEach(message -> findings.add(finding(message)));
            String text =
                    print(one.get("format").asString(), one.get("colour").asBoolean(), findings);
            if (one.has("output")) {
                assertThat(text).isEqualTo(one.get("output").asString() + "\n");
            } else {
                // The pages of the messages are this project's own.
                Object expected =
                        JsonMapper.shared()
                                .readValue(
                                        one.get("outputValue")
                                                .toString()
                                                .replaceAll(
                                                        "DOCUMENTATION/b1/",
                                                        "docs/diagnostics/B1.md")
                                                .replaceAll(
                                                        "DOCUMENTATION/c1/",
                                                        "docs/diagnostics/C1.md"),
                                        Object.class);
                // JSON is YAML.
                assertThat(new Load(LoadSettings.builder().build()).loadFromString(text))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void aMessageWithAPlaceSaysIt() {
        Finding placed =
                new Finding(
                        "B1",
                        Level.INFO,
                        "Kind",
                        "ns",
                        "one",
                        "Kind ns/one",
                        "a.yaml:3",
                        "text",
                        false);
        assertThat(print("log", true, List.of(placed)))
                .isEqualTo("Info [B1] (Kind ns/one a.yaml:3) text\n");
        assertThat(print("json", false, List.of(placed))).contains("\"reference\" : \"a.yaml:3\"");
    }

    private static String print(String format, boolean colour, List<Finding> findings) {
        StringWriter out = new StringWriter();
        new AnalysisReport(new PrintWriter(out), colour)
                .print(OutputFormat.valueOf(format.toUpperCase(Locale.ROOT)), findings, "anything");
        return out.toString();
    }

    private static Finding finding(JsonNode message) {
        return new Finding(
                message.get("code").asString(),
                Level.valueOf(message.get("level").asString().toUpperCase(Locale.ROOT)),
                message.get("origin").asString(),
                "",
                "",
                message.get("origin").asString(),
                "",
                message.get("text").asString(),
                false);
    }
}
