package io.weft.compiler.dialect.consul.chain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Changes of headers, in the order of the file. */
public record HeaderModifiers(
        Map<String, String> add, Map<String, String> set, List<String> remove) {

    public static final HeaderModifiers NONE = new HeaderModifiers(Map.of(), Map.of(), List.of());

    public HeaderModifiers {
        add = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(add));
        set = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(set));
        remove = List.copyOf(remove);
    }

    public boolean isEmpty() {
        return add.isEmpty() && set.isEmpty() && remove.isEmpty();
    }

    /** Both; where they name the same header, the other's value holds. */
    HeaderModifiers overlaidBy(HeaderModifiers other) {
        Map<String, String> adds = new LinkedHashMap<>(add);
        adds.putAll(other.add);
        Map<String, String> sets = new LinkedHashMap<>(set);
        sets.putAll(other.set);
        List<String> removes = new ArrayList<>(remove);
        other.remove.stream().filter(name -> !remove.contains(name)).forEach(removes::add);
        return new HeaderModifiers(adds, sets, removes);
    }
}
