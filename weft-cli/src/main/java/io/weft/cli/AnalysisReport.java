package io.weft.cli;

import io.weft.cli.shell.OutputFormat;
import io.weft.compiler.diagnostic.Level;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Prints findings in the formats of {@code istioctl analyze}. */
final class AnalysisReport {

    private final PrintWriter out;
    private final boolean color;

    AnalysisReport(PrintWriter out, boolean color) {
        this.out = out;
        this.color = color;
    }

    void print(OutputFormat format, List<Finding> findings, String subject) {
        switch (format) {
            case LOG -> printLog(findings, subject);
            case JSON -> out.println(json(findings.stream().map(AnalysisReport::fields).toList()));
            case YAML -> printYaml(findings);
        }
        out.flush();
    }

    private void printLog(List<Finding> findings, String subject) {
        if (findings.isEmpty()) {
            out.println(
                    paint("32", "✔")
                            + " No validation issues found when analyzing "
                            + subject
                            + ".");
            return;
        }
        findings.forEach(f -> out.println(f.line(paint(colorOf(f.level()), f.level().title()))));
    }

    private void printYaml(List<Finding> findings) {
        if (findings.isEmpty()) {
            out.println("[]");
        }
        for (Finding finding : findings) {
            String mark = "- ";
            for (Map.Entry<String, String> field : fields(finding).entrySet()) {
                // A JSON string is a YAML string in double quotes.
                out.println(
                        mark
                                + field.getKey()
                                + ": "
                                + JsonMapper.shared().writeValueAsString(field.getValue()));
                mark = "  ";
            }
        }
    }

    private static Map<String, String> fields(Finding finding) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("code", finding.code());
        fields.put("documentationUrl", finding.documentationUrl());
        fields.put("level", finding.level().title());
        fields.put("message", finding.message());
        fields.put("origin", finding.origin());
        if (!finding.reference().isEmpty()) {
            fields.put("reference", finding.reference());
        }
        return fields;
    }

    private static String json(Object value) {
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    private static String colorOf(Level level) {
        return switch (level) {
            case ERROR -> "1;31";
            case WARNING -> "33";
            case INFO -> "";
        };
    }

    private String paint(String code, String text) {
        return color && !code.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
