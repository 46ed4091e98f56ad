package io.weft.compiler.yaml;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cursor on one field of a resource, present or not. It remembers what has been asked for, so
 * that {@link #reportUnknown} finds what nobody understands. A value of the wrong type is reported
 * once and then read as absent. For one thread.
 */
public final class Field {

    private final RawResource resource;
    private final Dialect dialect;
    private final Diagnostics diagnostics;
    private final String path;
    private final @Nullable YamlNode node;
    private final int keyLine;
    private final int keyColumn;
    private final Map<String, Field> children = new LinkedHashMap<>();
    private @Nullable List<Field> items;
    private boolean accepted;

    private Field(
            RawResource resource,
            Dialect dialect,
            Diagnostics diagnostics,
            String path,
            @Nullable YamlNode node,
            int keyLine,
            int keyColumn) {
        this.resource = resource;
        this.dialect = dialect;
        this.diagnostics = diagnostics;
        this.path = path;
        this.node =
                node instanceof YamlNode.Scalar scalar && scalar.kind() == YamlNode.ScalarKind.NULL
                        ? null
                        : node;
        this.keyLine = keyLine;
        this.keyColumn = keyColumn;
    }

    /** The whole resource, in the name of a dialect. */
    public static Field open(RawResource resource, Dialect dialect, Diagnostics diagnostics) {
        Field root =
                new Field(resource, dialect, diagnostics, "", resource.tree(), resource.line(), 1);
        for (String known : List.of("apiVersion", "kind", "metadata", "status")) {
            root.get(known).accept();
        }
        return root;
    }

    Field embed(YamlNode document) {
        return new Field(
                resource, dialect, diagnostics, path, document, document.line(), document.column());
    }

    public RawResource resource() {
        return resource;
    }

    /** For example {@code spec.http[0].route[1].weight}. */
    public String path() {
        return path;
    }

    /** Where the field stands: its key, or its item in a list. */
    public Location location() {
        return new Location(resource.file(), keyLine, keyColumn);
    }

    /** The origin that points at this field's line. */
    public Origin origin() {
        return resource.origin(dialect).at(keyLine);
    }

    /** Whether it is written and not null. */
    public boolean isPresent() {
        return node != null;
    }

    /** Whether it is a mapping (an absent field is none). */
    public boolean isMapping() {
        return node instanceof YamlNode.Mapping;
    }

    /** Whether it is a list. */
    public boolean isList() {
        return node instanceof YamlNode.Sequence;
    }

    /** Whether it is a mapping or list without content. */
    public boolean isEmpty() {
        return node instanceof YamlNode.Mapping mapping && mapping.entries().isEmpty()
                || node instanceof YamlNode.Sequence sequence && sequence.items().isEmpty();
    }

    /** Whether the key is written, even with null for its value. */
    public boolean has(String name) {
        return node instanceof YamlNode.Mapping mapping && mapping.entries().containsKey(name);
    }

    /** A member; absent when it, or this, is. */
    public Field get(String name) {
        return children.computeIfAbsent(name, this::child);
    }

    private Field child(String name) {
        String childPath = path.isEmpty() ? name : path + "." + name;
        if (node != null && !(node instanceof YamlNode.Mapping)) {
            reportTypeOnce("a mapping");
        }
        YamlNode.Entry entry =
                node instanceof YamlNode.Mapping mapping ? mapping.entries().get(name) : null;
        return entry == null
                ? new Field(resource, dialect, diagnostics, childPath, null, keyLine, keyColumn)
                : new Field(
                        resource,
                        dialect,
                        diagnostics,
                        childPath,
                        entry.value(),
                        entry.line(),
                        entry.column());
    }

    /** The items of a list; none when absent. */
    public List<Field> items() {
        if (items != null) {
            return items;
        }
        List<Field> found = new ArrayList<>();
        if (node instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                YamlNode item = sequence.items().get(i);
                found.add(
                        new Field(
                                resource,
                                dialect,
                                diagnostics,
                                path + "[" + i + "]",
                                item,
                                item.line(),
                                item.column()));
            }
        } else if (node != null) {
            reportTypeOnce("a list");
        }
        items = found;
        return found;
    }

    /** The members of a mapping whose keys are free, in the order of the file. */
    public Map<String, Field> entries() {
        Map<String, Field> found = new LinkedHashMap<>();
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().keySet().forEach(name -> found.put(name, get(name)));
        } else if (node != null) {
            reportTypeOnce("a mapping");
        }
        return found;
    }

    /** A mapping of texts. */
    public Map<String, String> texts() {
        Map<String, String> found = new LinkedHashMap<>();
        entries().forEach((name, value) -> found.put(name, value.text("")));
        return found;
    }

    /** The texts of a list. */
    public List<String> textItems() {
        return items().stream().map(item -> item.text("")).toList();
    }

    /** A text; numbers and truth values are taken as written only where {@link #loose} says so. */
    public Optional<String> text() {
        if (node instanceof YamlNode.Scalar scalar) {
            if (scalar.kind() == YamlNode.ScalarKind.STRING) {
                return Optional.of(scalar.text());
            }
            reportTypeOnce("a text: put it in quotes");
            return Optional.of(scalar.text());
        }
        if (node != null) {
            reportTypeOnce("a text");
        }
        return Optional.empty();
    }

    public String text(String otherwise) {
        return text().orElse(otherwise);
    }

    /** Any scalar, as written (quantities, ports by number or name). */
    public Optional<String> loose() {
        if (node instanceof YamlNode.Scalar scalar) {
            return Optional.of(scalar.text());
        }
        if (node != null) {
            reportTypeOnce("a text or a number");
        }
        return Optional.empty();
    }

    /** A text that must be there; empty (and reported) when it is not. */
    public String required() {
        String value = text("");
        if (value.isEmpty()) {
            reportMissing();
        }
        return value;
    }

    /** Reports this field as missing. */
    public void reportMissing() {
        error(Code.MISSING_FIELD, "missing (expected: a value)", "add " + lastName());
    }

    private String lastName() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** A whole number within bounds. */
    public OptionalInt integer(int min, int max) {
        if (!(node instanceof YamlNode.Scalar scalar)
                || scalar.kind() != YamlNode.ScalarKind.INTEGER) {
            if (node != null) {
                reportTypeOnce("a whole number");
            }
            return OptionalInt.empty();
        }
        long value;
        try {
            value = Long.decode(scalar.text().replaceFirst("^0+(?=[0-9])", ""));
        } catch (NumberFormatException e) {
            value = Long.MAX_VALUE;
        }
        if (value < min || value > max) {
            error(
                    Code.OUT_OF_RANGE,
                    scalar.text() + " (expected: " + min + ".." + max + ")",
                    "choose a number from " + min + " to " + max);
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) value);
    }

    public int integer(int min, int max, int otherwise) {
        return integer(min, max).orElse(otherwise);
    }

    /** A number within bounds. */
    public OptionalDouble number(double min, double max) {
        if (!(node instanceof YamlNode.Scalar scalar)
                || scalar.kind() != YamlNode.ScalarKind.INTEGER
                        && scalar.kind() != YamlNode.ScalarKind.DECIMAL) {
            if (node != null) {
                reportTypeOnce("a number");
            }
            return OptionalDouble.empty();
        }
        double value;
        try {
            value = Double.parseDouble(scalar.text());
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= min && value <= max)) {
            error(
                    Code.OUT_OF_RANGE,
                    scalar.text() + " (expected: " + min + ".." + max + ")",
                    "choose a number from " + min + " to " + max);
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(value);
    }

    public boolean bool(boolean otherwise) {
        if (node instanceof YamlNode.Scalar scalar
                && scalar.kind() == YamlNode.ScalarKind.BOOLEAN) {
            return scalar.text().equalsIgnoreCase("true");
        }
        if (node != null) {
            reportTypeOnce("true or false");
        }
        return otherwise;
    }

    /** A duration such as {@code 1.5s}. */
    public Optional<Duration> duration() {
        if (node == null) {
            return Optional.empty();
        }
        Optional<Duration> value = loose().flatMap(DurationText::parse);
        if (value.isEmpty() && node instanceof YamlNode.Scalar scalar) {
            error(
                    Code.INVALID_DURATION,
                    "'" + scalar.text() + "' (expected: a number with a unit: h, m, s, ms)",
                    "write it as 10s or 250ms");
        }
        return value;
    }

    /** One of the constants' names (upper case); another is reported. */
    public <E extends Enum<E>> Optional<E> constant(Class<E> type) {
        return text().flatMap(value -> {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(value)) {
                    return Optional.of(constant);
                }
            }
            List<String> names = new ArrayList<>();
            for (E constant : type.getEnumConstants()) {
                names.add(constant.name());
            }
            reportValue(value, String.join(", ", names));
            return Optional.empty();
        });
    }

    /** An RE2 expression; one that does not compile is reported. */
    public Optional<String> regex() {
        return text().filter(this::isRegex);
    }

    private boolean isRegex(String pattern) {
        if (!RegexSize.isBounded(pattern)) {
            error(
                    Code.INVALID_REGEX,
                    "expands to more than "
                            + RegexSize.MAX_SIZE
                            + " steps, or nests more than "
                            + RegexSize.MAX_DEPTH
                            + " groups",
                    "repeat less, or split the expression");
            return false;
        }
        try {
            Pattern.compile(pattern);
            return true;
        } catch (PatternSyntaxException e) {
            error(
                    Code.INVALID_REGEX,
                    "'" + pattern + "' (expected: an RE2 expression): " + e.getDescription(),
                    "correct it; look-around and back-references do not exist in RE2");
            return false;
        }
    }

    /** Reports the value as not possible. */
    public void reportValue(String value, String expected) {
        error(
                Code.INVALID_VALUE,
                "'" + value + "' (expected: " + expected + ")",
                "use one of: " + expected);
    }

    private void reportTypeOnce(String expected) {
        YamlNode present = java.util.Objects.requireNonNull(node);
        error(
                Code.WRONG_TYPE,
                value() + present.describe() + " (expected: " + expected + ")",
                "write " + expected);
    }

    private String value() {
        return node instanceof YamlNode.Scalar scalar ? "'" + scalar.text() + "' is " : "";
    }

    /** Takes the field and all below it as understood. */
    public Field accept() {
        accepted = true;
        return this;
    }

    /** Takes the field as understood, with a warning that it is not enforced, if it is there. */
    public void unsupported(String consequence) {
        accept();
        if (node != null) {
            warn(Code.UNSUPPORTED_FIELD, "known, but not enforced: " + consequence, "remove it");
        }
    }

    /** Takes the members as understood, each with a warning that it is not enforced. */
    public void unsupported(String consequence, String... names) {
        for (String name : names) {
            get(name).unsupported(consequence);
        }
    }

    public void error(Code code, String message, String mend) {
        report(Level.ERROR, code, message, mend);
    }

    public void warn(Code code, String message, String mend) {
        report(Level.WARNING, code, message, mend);
    }

    public void info(Code code, String message) {
        report(Level.INFO, code, message, "");
    }

    private void report(Level level, Code code, String message, String mend) {
        String value = node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        diagnostics.add(
                new Diagnostic(
                        code,
                        level,
                        resource.kind(),
                        resource.namespace(),
                        resource.name(),
                        path,
                        resource.file(),
                        keyLine,
                        keyColumn,
                        value,
                        message,
                        mend));
    }

    /** Reports, at the given level, each member at or below that nobody has asked for. */
    public void reportUnknown(Level level) {
        if (accepted) {
            return;
        }
        if (node instanceof YamlNode.Mapping mapping && !children.isEmpty()) {
            for (String name : mapping.entries().keySet()) {
                Field child = children.get(name);
                if (child != null) {
                    child.reportUnknown(level);
                } else {
                    child(name).reportAsUnknown(level, name, children.keySet());
                }
            }
        }
        if (items != null) {
            items.forEach(item -> item.reportUnknown(level));
        }
    }

    private void reportAsUnknown(Level level, String name, java.util.Set<String> known) {
        Optional<String> near =
                known.stream()
                        .filter(other -> Similarity.close(name, other))
                        .min(java.util.Comparator.naturalOrder());
        String expected = known.stream().sorted().limit(12).collect(Collectors.joining(", "));
        report(
                level,
                Code.UNKNOWN_FIELD,
                "not a field of " + resource.kind() + " here (expected: " + expected + ")",
                near.map(other -> "did you mean " + other + "?").orElse("remove " + name));
    }

    /**
     * The field as flow text (JSON, that is), in which every value stands on the line where it is
     * written: diagnostics about a document made from it point at the right place. {@code null}
     * when absent; takes the field as understood.
     *
     * @param fromLine the line on which the text will begin
     */
    public String flow(int fromLine) {
        accept();
        return node == null ? "null" : new FlowText(fromLine).write(node);
    }

    /**
     * A mapping with free content as plain Java values: texts, numbers, truth values, lists and
     * maps; takes the field as understood.
     */
    public Map<String, Object> plain() {
        accept();
        Map<String, Object> values = new LinkedHashMap<>();
        if (node instanceof YamlNode.Mapping mapping
                && PlainValue.of(mapping) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> values.put(String.valueOf(name), value));
        } else if (node != null) {
            reportTypeOnce("a mapping");
        }
        return values;
    }

    /** The mappings that it is, or lists. */
    List<YamlNode.Mapping> mappings() {
        accept();
        List<YamlNode> nodes =
                node instanceof YamlNode.Sequence list
                        ? list.items()
                        : node == null ? List.of() : List.of(node);
        return nodes.stream()
                .filter(YamlNode.Mapping.class::isInstance)
                .map(YamlNode.Mapping.class::cast)
                .toList();
    }

    void reportHcl(int line, String message) {
        error(Code.INVALID_VALUE, "no HCL at line " + line + ": " + message, "correct the text");
    }

    /** Runs the reader for a field that is there. */
    public void ifPresent(Consumer<Field> reader) {
        if (node != null) {
            reader.accept(this);
        }
    }
}
