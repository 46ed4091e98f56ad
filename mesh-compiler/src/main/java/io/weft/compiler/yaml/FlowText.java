package io.weft.compiler.yaml;

import java.util.Locale;

/** Writes a node as flow text and keeps its lines. For one text. */
final class FlowText {

    private final StringBuilder text = new StringBuilder();
    private int line;

    FlowText(int fromLine) {
        line = fromLine;
    }

    String write(YamlNode node) {
        append(node);
        return text.toString();
    }

    private void append(YamlNode node) {
        switch (node) {
            case YamlNode.Scalar scalar -> scalar(scalar);
            case YamlNode.Sequence sequence -> {
                text.append('[');
                String separator = "";
                for (YamlNode item : sequence.items()) {
                    text.append(separator);
                    goTo(item.line());
                    append(item);
                    separator = ",";
                }
                text.append(']');
            }
            case YamlNode.Mapping mapping -> {
                text.append('{');
                String separator = "";
                for (var entry : mapping.entries().entrySet()) {
                    text.append(separator);
                    goTo(entry.getValue().line());
                    quote(entry.getKey());
                    text.append(": ");
                    append(entry.getValue().value());
                    separator = ",";
                }
                text.append('}');
            }
        }
    }

    private void scalar(YamlNode.Scalar scalar) {
        switch (scalar.kind()) {
            case STRING -> quote(scalar.text());
            case NULL -> text.append("null");
            case BOOLEAN -> text.append(scalar.text().toLowerCase(Locale.ROOT));
            case INTEGER, DECIMAL -> text.append(scalar.text());
        }
    }

    private void quote(String value) {
        text.append('"');
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    /** What an alias repeats stands further up: it stays on the line reached. */
    private void goTo(int wanted) {
        while (line < wanted) {
            text.append('\n');
            line++;
        }
    }
}
