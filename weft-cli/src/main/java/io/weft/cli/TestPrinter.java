package io.weft.cli;

import io.weft.cli.shell.Style;
import io.weft.model.Origin;
import io.weft.preview.test.TestReport;
import io.weft.preview.test.TestResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Prints how policy tests went. */
final class TestPrinter {

    private final PrintWriter out;
    private final Style style;

    TestPrinter(PrintWriter out, Style style) {
        this.out = out;
        this.style = style;
    }

    void print(TestCommand.Format format, TestReport report) {
        switch (format) {
            case TABLE -> table(report);
            case JSON -> out.println(json(report));
            case JUNIT -> junit(report);
        }
        out.flush();
    }

    private void table(TestReport report) {
        String suite = "";
        for (TestResult result : report.results()) {
            String own = suite(result);
            if (!own.equals(suite)) {
                out.println(style.bold(own) + "  " + result.origin().file());
                suite = own;
            }
            if (result.passed()) {
                out.println("  " + style.green("✔") + " " + result.name());
                continue;
            }
            out.println("  " + style.red("✘ " + result.name()) + "  " + place(result.origin()));
            for (TestResult.Mismatch each : result.mismatches()) {
                out.println("      " + each.what());
                out.println("        expected    " + each.expected());
                out.println("        got         " + each.got());
                out.println("        decided by  " + each.origin().describe());
            }
        }
        int failed = report.failures().size();
        int all = report.results().size();
        String summary =
                all
                        + (all == 1 ? " test, " : " tests, ")
                        + (failed == 0 ? "every one holds" : failed + " failed");
        out.println(failed == 0 ? style.green(summary) : style.red(summary));
    }

    private static String suite(TestResult result) {
        return result.origin().namespace() + "/" + result.origin().name();
    }

    private static String place(Origin origin) {
        return origin.file() + ":" + origin.line();
    }

    private static String json(TestReport report) {
        List<Map<String, Object>> tests = new ArrayList<>();
        for (TestResult result : report.results()) {
            Map<String, Object> test = new LinkedHashMap<>();
            test.put("test", suite(result));
            test.put("name", result.name());
            test.put("reference", place(result.origin()));
            test.put("passed", result.passed());
            test.put("decidedBy", result.decidedBy().describe());
            test.put("mismatches", result.mismatches().stream().map(TestPrinter::fields).toList());
            tests.add(test);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("tests", tests.size());
        all.put("failures", report.failures().size());
        all.put("results", tests);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }

    private static Map<String, Object> fields(TestResult.Mismatch mismatch) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("what", mismatch.what());
        fields.put("expected", mismatch.expected());
        fields.put("got", mismatch.got());
        fields.put("decidedBy", mismatch.origin().describe());
        return fields;
    }

    /** The form that build servers read: a suite for each resource. */
    private void junit(TestReport report) {
        Map<String, List<TestResult>> suites =
                report.results().stream()
                        .collect(
                                Collectors.groupingBy(
                                        TestPrinter::suite,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        out.println("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        out.printf(
                "<testsuites tests=\"%d\" failures=\"%d\">%n",
                report.results().size(), report.failures().size());
        suites.forEach(this::junitSuite);
        out.println("</testsuites>");
    }

    private void junitSuite(String name, List<TestResult> results) {
        long failed = results.stream().filter(result -> !result.passed()).count();
        out.printf(
                "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\">%n",
                xml(name), results.size(), failed);
        for (TestResult result : results) {
            String start =
                    "    <testcase classname=\"%s\" name=\"%s\" file=\"%s\" line=\"%d\""
                            .formatted(
                                    xml(name),
                                    xml(result.name()),
                                    xml(result.origin().file()),
                                    result.origin().line());
            if (result.passed()) {
                out.println(start + "/>");
                continue;
            }
            out.println(start + ">");
            String why =
                    result.mismatches().stream()
                            .map(TestResult.Mismatch::describe)
                            .collect(Collectors.joining("\n"));
            String first = result.mismatches().getFirst().describe();
            out.printf("      <failure message=\"%s\">%s</failure>%n", xml(first), xml(why));
            out.println("    </testcase>");
        }
        out.println("  </testsuite>");
    }

    private static String xml(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\n' -> escaped.append('\n');
                default -> escaped.append(c < ' ' ? '?' : c);
            }
        }
        return escaped.toString();
    }
}
