package io.weft.cli;

import io.weft.cli.shell.StructuredText;
import io.weft.cli.shell.Style;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.preview.diff.Change;
import io.weft.preview.diff.ModelDiff;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what changes: for each direction the changes, each with its line and whom it concerns. */
final class DiffPrinter {

    private static final int NAMED = 5;

    private final PrintWriter out;
    private final Style style;

    DiffPrinter(PrintWriter out, Style style) {
        this.out = out;
        this.style = style;
    }

    void print(DiffCommand.Format format, ModelDiff diff) {
        switch (format) {
            case TEXT -> text(diff);
            case JSON -> out.println(StructuredText.json(fields(diff)));
            case YAML -> out.println(StructuredText.yaml(fields(diff)));
        }
        out.flush();
    }

    private void text(ModelDiff diff) {
        if (diff.changes().isEmpty()) {
            out.println("no change in the compiled model");
        }
        String direction = "";
        for (Change change : diff.changes()) {
            if (!change.direction().equals(direction)) {
                direction = change.direction();
                out.println(style.bold(direction));
            }
            out.println("  " + change.origin().describe() + ": " + painted(change));
            out.println(style.faint("      for " + whom(change.workloads())));
        }
        diagnostics("new diagnostics", "+ ", diff.found());
        diagnostics("mended diagnostics", "- ", diff.mended());
    }

    private String painted(Change change) {
        String text = change.describe();
        return switch (change.kind()) {
            case ADDED -> style.green(text);
            case REMOVED -> style.red(text);
            case CHANGED, MOVED -> style.yellow(text);
        };
    }

    private static String whom(List<String> workloads) {
        String named = String.join(", ", workloads.stream().limit(NAMED).toList());
        return workloads.size() <= NAMED
                ? named
                : workloads.size() + " workloads: " + named + ", …";
    }

    private void diagnostics(String title, String mark, List<Diagnostic> found) {
        if (!found.isEmpty()) {
            out.println(style.bold(title));
            found.forEach(each -> out.println("  " + mark + each.format()));
        }
    }

    private static Map<String, Object> fields(ModelDiff diff) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("same", diff.isEmpty());
        all.put("changes", diff.changes().stream().map(DiffPrinter::fields).toList());
        Map<String, Object> diagnostics = new LinkedHashMap<>();
        diagnostics.put("new", diff.found().stream().map(Diagnostic::format).toList());
        diagnostics.put("mended", diff.mended().stream().map(Diagnostic::format).toList());
        all.put("diagnostics", diagnostics);
        return all;
    }

    private static Map<String, Object> fields(Change change) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", change.kind().name().toLowerCase(Locale.ROOT));
        fields.put("direction", change.direction());
        fields.put("what", change.what());
        fields.put("before", change.before());
        fields.put("after", change.after());
        fields.put(
                "resource",
                change.origin().kind()
                        + " "
                        + (change.origin().namespace().isEmpty()
                                ? ""
                                : change.origin().namespace() + "/")
                        + change.origin().name());
        fields.put(
                "reference",
                change.origin().isBuiltIn()
                        ? ""
                        : change.origin().file() + ":" + change.origin().line());
        fields.put("workloads", change.workloads());
        return fields;
    }
}
