package io.weft.engine.jwt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as plain collections, unmodifiable and without nulls (a null claim is no claim). */
final class JsonValues {

    private JsonValues() {}

    static Map<String, Object> withoutNulls(Map<?, ?> members) {
        Map<String, Object> kept = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (name != null && value != null) {
                kept.put(name.toString(), clean(value));
            }
        });
        return Map.copyOf(kept);
    }

    private static Object clean(Object value) {
        return switch (value) {
            case Map<?, ?> map -> withoutNulls(map);
            case List<?> list -> cleanList(list);
            default -> value;
        };
    }

    private static List<Object> cleanList(List<?> list) {
        List<Object> kept = new ArrayList<>(list.size());
        for (@Nullable Object element : list) {
            if (element != null) {
                kept.add(clean(element));
            }
        }
        return List.copyOf(kept);
    }
}
