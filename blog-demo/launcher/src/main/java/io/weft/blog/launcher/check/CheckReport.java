package io.weft.blog.launcher.check;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Prints the acceptance list, as rows for people or as one JSON document. */
public final class CheckReport {

    private static final int NUMBER_WIDTH = 5;
    private static final int NAME_WIDTH = 58;
    private static final int EXPECTED_WIDTH = 44;

    private final PrintStream out;
    private final boolean json;
    private final boolean color;

    public CheckReport(PrintStream out, boolean json, boolean color) {
        this.out = out;
        this.json = json;
        this.color = color && !json;
    }

    /** Prints the titles of the columns. */
    public void start() {
        if (!json) {
            out.println(line("", "", "result", "expected", "seen"));
        }
    }

    /** Prints one row, at once when it is for people. */
    public void row(CheckRow row) {
        if (!json) {
            out.println(
                    line(
                            row.number(),
                            row.name(),
                            row.passed() ? "passed" : "failed",
                            row.expected(),
                            row.seen()));
            out.flush();
        }
    }

    /** Prints the end, and tells whether all is well. */
    public boolean end(List<CheckRow> rows) {
        long failed = rows.stream().filter(row -> !row.passed()).count();
        long passed = rows.size() - failed;
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("rows", rows);
            document.put("passed", passed);
            document.put("failed", failed);
            out.println(
                    JsonMapper.shared()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(document));
        } else {
            out.println();
            out.println(passed + " passed, " + failed + " failed");
        }
        out.flush();
        return failed == 0;
    }

    private String line(String number, String name, String result, String expected, String seen) {
        String painted =
                switch (result) {
                    case "passed" -> paint("32", result);
                    case "failed" -> paint("31", result);
                    default -> result;
                };
        return pad(number, NUMBER_WIDTH)
                + pad(name, NAME_WIDTH)
                + painted
                + "   "
                + pad(expected, EXPECTED_WIDTH)
                + seen;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private String paint(String code, String text) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
