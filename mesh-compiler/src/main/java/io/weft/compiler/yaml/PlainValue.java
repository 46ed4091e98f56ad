package io.weft.compiler.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node as plain Java values: texts, numbers, truth values, lists and maps. */
final class PlainValue {

    private PlainValue() {}

    /** What is null in a list or mapping is left out. */
    static Object of(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> scalar(scalar);
            case YamlNode.Sequence sequence -> {
                List<Object> list = new ArrayList<>();
                sequence.items().stream()
                        .filter(PlainValue::isSomething)
                        .forEach(item -> list.add(of(item)));
                yield list;
            }
            case YamlNode.Mapping mapping -> {
                Map<String, Object> map = new LinkedHashMap<>();
                mapping.entries()
                        .forEach((name, entry) -> {
                            if (isSomething(entry.value())) {
                                map.put(name, of(entry.value()));
                            }
                        });
                yield map;
            }
        };
    }

    private static boolean isSomething(YamlNode node) {
        return !(node instanceof YamlNode.Scalar scalar)
                || scalar.kind() != YamlNode.ScalarKind.NULL;
    }

    private static Object scalar(YamlNode.Scalar scalar) {
        try {
            return switch (scalar.kind()) {
                case STRING, NULL -> scalar.text();
                case BOOLEAN -> scalar.text().equalsIgnoreCase("true");
                case INTEGER -> Long.valueOf(Long.decode(scalar.text()));
                case DECIMAL -> Double.valueOf(scalar.text());
            };
        } catch (NumberFormatException e) {
            return scalar.text(); // beyond what a long holds, or .inf: as it is written
        }
    }
}
