package io.weft.compiler.analysis.view;

import io.weft.compiler.yaml.Field;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Values as texts that can be compared. */
public final class Texts {

    private Texts() {}

    /**
     * The value without regard to the order of keys and to white space.
     *
     * @param without members of the value itself that do not count
     */
    public static String canonical(Field field, Set<String> without) {
        if (field.isMapping()) {
            return new TreeMap<>(field.entries())
                    .entrySet().stream()
                            .filter(e -> !without.contains(e.getKey()))
                            .map(e -> e.getKey() + ":" + canonical(e.getValue(), Set.of()))
                            .collect(Collectors.joining(",", "{", "}"));
        }
        if (field.isList()) {
            return field.items().stream()
                    .map(item -> canonical(item, Set.of()))
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return '"' + field.loose().orElse("") + '"';
    }

    public static String canonical(Field field) {
        return canonical(field, Set.of());
    }
}
