package io.weft.compiler.status;

import java.util.List;

/**
 * What became of a route at one of its parents.
 *
 * @param sectionName as the reference writes it, empty where it names none
 * @param port as the reference writes it, 0 where it names none
 * @param listeners names of the listeners that took the route; empty for Services
 */
public record ParentStatus(
        String kind,
        String namespace,
        String name,
        String sectionName,
        int port,
        List<String> listeners,
        List<Condition> conditions) {

    public ParentStatus {
        listeners = List.copyOf(listeners);
        conditions = List.copyOf(conditions);
    }
}
