package io.weft.compiler.status;

import java.util.List;

/** What became of one listener of a Gateway. */
public record ListenerStatus(
        String name, List<String> supportedKinds, int attachedRoutes, List<Condition> conditions) {

    public ListenerStatus {
        supportedKinds = List.copyOf(supportedKinds);
        conditions = List.copyOf(conditions);
    }
}
