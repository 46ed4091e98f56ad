package io.weft.model.wire;

import com.fasterxml.jackson.annotation.JsonValue;
import io.weft.model.resource.MeshResource;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Resources by key as they are shown to people: an object of objects, each with its {@code type},
 * which a plain map of resources would lose. Sorted by key.
 */
public record ResourceMap(@JsonValue Map<String, MeshResource> byKey) {

    public ResourceMap {
        byKey = Collections.unmodifiableMap(new TreeMap<>(byKey));
    }
}
