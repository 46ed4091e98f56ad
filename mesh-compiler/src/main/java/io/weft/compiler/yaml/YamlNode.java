package io.weft.compiler.yaml;

import java.util.List;
import java.util.Map;

/** A value of a YAML document with its place. Aliases are resolved: a node may be shared. */
sealed interface YamlNode {

    int line();

    int column();

    /** What a reader would call it. */
    String describe();

    /** How a plain scalar was resolved (the YAML 1.2 core schema). */
    enum ScalarKind {
        STRING("a text"),
        INTEGER("a whole number"),
        DECIMAL("a number"),
        BOOLEAN("true or false"),
        NULL("nothing");

        private final String title;

        ScalarKind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    record Scalar(String text, ScalarKind kind, int line, int column) implements YamlNode {
        @Override
        public String describe() {
            return kind.title();
        }
    }

    record Sequence(List<YamlNode> items, int line, int column) implements YamlNode {
        @Override
        public String describe() {
            return "a list";
        }
    }

    /** A mapping in the order of the file. */
    record Mapping(Map<String, Entry> entries, int line, int column) implements YamlNode {
        @Override
        public String describe() {
            return "a mapping";
        }
    }

    /** A value with the place of its key. */
    record Entry(YamlNode value, int line, int column) {}
}
