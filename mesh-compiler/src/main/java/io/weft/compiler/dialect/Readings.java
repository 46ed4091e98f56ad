package io.weft.compiler.dialect;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What dialects have read of resources, kept from one compilation to the next: a resource that is
 * the same object is not read again. For one thread.
 */
public final class Readings {

    private record Reading(Object given, Object value, List<Diagnostic> diagnostics) {}

    private final Map<Dialect, Map<RawResource, Reading>> last = new EnumMap<>(Dialect.class);
    private final Map<Dialect, Map<RawResource, Reading>> current = new EnumMap<>(Dialect.class);

    /**
     * What the reader makes of the resource, with its findings reported.
     *
     * @param given everything beside the resource on which the outcome depends
     * @param reader the same one whenever this dialect reads this resource; its result is immutable
     */
    <T> T read(
            RawResource resource,
            Dialect dialect,
            Object given,
            Function<Field, T> reader,
            Diagnostics into) {
        Reading known = of(last, dialect).get(resource);
        if (known == null || !known.given().equals(given)) {
            Diagnostics found = new Diagnostics();
            T value = reader.apply(Field.open(resource, dialect, found));
            known = new Reading(given, value, found.all());
        }
        of(current, dialect).put(resource, known);
        known.diagnostics().forEach(into::add);
        @SuppressWarnings("unchecked") // one reader for a resource and dialect
        T value = (T) known.value();
        return value;
    }

    /** The dialect does not compile this time; what it has read stays. */
    public void keep(Dialect dialect) {
        current.put(dialect, of(last, dialect));
    }

    /** All dialects have compiled: what none of them asked for is forgotten. */
    public void compiled() {
        last.clear();
        last.putAll(current);
        current.clear();
    }

    private static Map<RawResource, Reading> of(
            Map<Dialect, Map<RawResource, Reading>> all, Dialect dialect) {
        return all.computeIfAbsent(dialect, id -> new IdentityHashMap<>());
    }
}
