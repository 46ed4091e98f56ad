package io.weft.cli.shell;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code -o}: for people, or the same as JSON or YAML for programs. */
public final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "short (or table), json or yaml (default: ${DEFAULT-VALUE}).",
            defaultValue = "short")
    private TableFormat format = TableFormat.SHORT;

    /** Whether a program reads. */
    public boolean isStructured() {
        return format == TableFormat.JSON || format == TableFormat.YAML;
    }

    /** Prints lines for people, or the same for programs; only one of the two is made. */
    public void show(PrintWriter out, Supplier<?> values, Supplier<List<String>> lines) {
        if (isStructured()) {
            print(out, values.get());
        } else {
            lines.get().forEach(out::println);
        }
    }

    /** Prints a value of maps, lists, texts and numbers, a record, or a tree of JSON. */
    public void print(PrintWriter out, Object value) {
        if (format == TableFormat.YAML) {
            out.println(StructuredText.yaml(JsonMapper.shared().convertValue(value, Object.class)));
        } else {
            out.println(
                    value instanceof JsonNode tree
                            ? tree.toPrettyString()
                            : StructuredText.json(value));
        }
        out.flush();
    }
}
