package io.weft.k8s;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads what a YAML parser gives. What is not there is empty. */
final class Tree {

    private Tree() {}

    static Map<String, Object> map(Object node) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> result.put(String.valueOf(key), value));
        }
        return result;
    }

    /** The value below keys; an empty map when there is none. */
    static Object at(Object node, String... path) {
        Object current = node;
        for (String key : path) {
            Object next = current instanceof Map<?, ?> map ? map.get(key) : null;
            if (next == null) {
                return Map.of();
            }
            current = next;
        }
        return current;
    }

    static boolean has(Object node, String... path) {
        return !at(node, path).equals(Map.of());
    }

    static String text(Object node, String... path) {
        Object found = at(node, path);
        return found instanceof Map ? "" : String.valueOf(found);
    }

    /** The elements of a list below keys, as maps. */
    static Stream<Map<String, Object>> each(Object node, String... path) {
        return at(node, path) instanceof List<?> list
                ? list.stream().map(Tree::map)
                : Stream.empty();
    }

    static List<String> texts(Object node, String... path) {
        return at(node, path) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
