package io.weft.spring.actuate;

import io.weft.dataplane.view.DataPlaneView;
import io.weft.model.resource.EndpointSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@code /actuator/mesh}: the configuration in force; {@code /actuator/mesh/PART}: listeners,
 * routes, clusters, endpoints, certificates or registration. Never shows a private key.
 */
@Endpoint(id = "mesh")
public final class MeshEndpoint {

    private final Supplier<DataPlaneView> view;
    private final Supplier<?> certificates;

    /**
     * @param certificates what is known of the workload's certificate and trust bundles, JSON-ready
     */
    public MeshEndpoint(Supplier<DataPlaneView> view, Supplier<?> certificates) {
        this.view = view;
        this.certificates = certificates;
    }

    /** Identity, revision, commit, and how the configuration source does. */
    @ReadOperation
    public Map<String, @Nullable Object> mesh() {
        DataPlaneView now = view.get();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("identity", now.identity().uri());
        answer.put("revision", now.revision());
        answer.put("commit", now.commit());
        answer.put("since", now.since());
        answer.put("configured", now.configured());
        answer.put("ready", now.ready());
        answer.put("source", now.source());
        answer.put("connections", now.connections());
        answer.put("activeExchanges", now.activeExchanges());
        return answer;
    }

    /** One part of the configuration in force; null (404) for a part that does not exist. */
    @ReadOperation
    public @Nullable Object part(@Selector String part) {
        DataPlaneView now = view.get();
        return switch (part) {
            case "listeners" -> now.listeners();
            case "routes" -> now.routes();
            case "clusters" -> now.clusters();
            case "endpoints" ->
                    now.resources().resources().values().stream()
                            .filter(EndpointSet.class::isInstance)
                            .toList();
            case "certificates" -> certificates.get();
            case "registration" -> now.registration();
            default -> null;
        };
    }
}
