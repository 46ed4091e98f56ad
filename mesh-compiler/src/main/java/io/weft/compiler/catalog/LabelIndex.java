package io.weft.compiler.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Things of a namespace by a label that each of them has or asks for, so that of thousands only few
 * are looked at. Whoever looks must still compare all labels. Immutable once filled.
 */
final class LabelIndex<T> {

    private record Key(String namespace, String name, String value) {}

    private final Map<Key, List<T>> byLabel = new HashMap<>();

    /** Adds under one label. */
    void add(String namespace, Map.Entry<String, String> label, T thing) {
        byLabel.computeIfAbsent(key(namespace, label), key -> new ArrayList<>()).add(thing);
    }

    /** Adds under every label. */
    void addAll(String namespace, Map<String, String> labels, T thing) {
        labels.entrySet().forEach(label -> add(namespace, label, thing));
    }

    /** What lies under any of the labels. */
    void any(String namespace, Map<String, String> labels, Consumer<T> found) {
        labels.entrySet().forEach(label -> under(namespace, label).forEach(found));
    }

    /** What may lie under all of the labels, of which there is at least one. */
    List<T> all(String namespace, Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> under(namespace, label))
                .reduce((one, other) -> one.size() <= other.size() ? one : other)
                .orElse(List.of());
    }

    private List<T> under(String namespace, Map.Entry<String, String> label) {
        return byLabel.getOrDefault(key(namespace, label), List.of());
    }

    private static Key key(String namespace, Map.Entry<String, String> label) {
        return new Key(namespace, label.getKey(), label.getValue());
    }
}
