package io.weft.compiler.dialect.gatewayapi;

import io.weft.model.Origin;
import java.util.List;

/**
 * A Gateway of our class.
 *
 * @param generation {@code metadata.generation}, 0 where it is not written
 */
record GatewaySpec(
        String namespace,
        String name,
        List<ListenerSpec> listeners,
        long generation,
        Origin origin) {

    GatewaySpec {
        listeners = List.copyOf(listeners);
    }
}
