package io.weft.compiler.status;

import java.util.List;
import java.util.Optional;

/**
 * The status of one resource. Parts that its kind does not have are empty.
 *
 * @param namespace empty where the kind has none
 */
public record ResourceStatus(
        String kind,
        String namespace,
        String name,
        List<Condition> conditions,
        List<ParentStatus> parents,
        List<ListenerStatus> listeners) {

    public ResourceStatus {
        conditions = List.copyOf(conditions);
        parents = List.copyOf(parents);
        listeners = List.copyOf(listeners);
    }

    /** One of its own conditions. */
    public Optional<Condition> condition(String type) {
        return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }
}
