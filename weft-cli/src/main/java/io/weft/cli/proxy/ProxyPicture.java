package io.weft.cli.proxy;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.TrustBundle;
import io.weft.model.resource.UnknownHost;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.wire.MeshCodec;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A proxy's configuration by resource key, and what else is known of it; a part that nobody told is
 * a missing node.
 *
 * @param name {@code NAME.NAMESPACE}
 * @param workload what the control plane says of it
 * @param clusters how its endpoints do, as it tells itself
 * @param listeners the ports that it has bound, as it tells itself
 * @param certs its certificate, as it tells itself
 */
public record ProxyPicture(
        String name,
        Map<String, MeshResource> resources,
        JsonNode workload,
        JsonNode clusters,
        JsonNode listeners,
        JsonNode certs) {

    private static final JsonNode UNKNOWN = MissingNode.getInstance();

    public ProxyPicture {
        resources = Collections.unmodifiableMap(new TreeMap<>(resources));
    }

    /** What the control plane has for a workload, of which it says this. */
    public static ProxyPicture of(JsonNode workload, JsonNode resources) {
        String name =
                workload.path("instance").asString("")
                        + "."
                        + workload.path("namespace").asString("");
        return new ProxyPicture(name, read(resources), workload, UNKNOWN, UNKNOWN, UNKNOWN);
    }

    static ProxyPicture ofDump(JsonNode dump, JsonNode workload) {
        JsonNode own = dump.path("registration");
        String name =
                own.path("instance").asString("")
                        + "."
                        + own.path("workload").path("namespace").asString("");
        return new ProxyPicture(
                name, read(dump.path("resources")), workload, UNKNOWN, UNKNOWN, UNKNOWN);
    }

    ProxyPicture with(JsonNode liveClusters, JsonNode liveListeners, JsonNode liveCerts) {
        return new ProxyPicture(name, resources, workload, liveClusters, liveListeners, liveCerts);
    }

    private static Map<String, MeshResource> read(JsonNode resources) {
        MeshCodec codec = new MeshCodec();
        Map<String, MeshResource> read = new TreeMap<>();
        try {
            resources
                    .properties()
                    .forEach(each -> {
                        String text = typed(each.getKey(), each.getValue()).toString();
                        read.put(each.getKey(), codec.read(text, MeshResource.class));
                    });
        } catch (IllegalArgumentException e) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA, "configuration: " + e.getMessage() + " (another version?)");
        }
        return read;
    }

    /** With the name of its type, which a map of resources does not tell. */
    private static ObjectNode typed(String key, JsonNode value) {
        if (!(value instanceof ObjectNode resource)) {
            throw new IllegalArgumentException(key + ": is no resource");
        }
        return resource.deepCopy().put("type", type(key, value).getSimpleName());
    }

    /** Its key tells what it is; a host that is not known has no routes. */
    private static Class<? extends MeshResource> type(String key, JsonNode value) {
        int slash = key.indexOf('/');
        return switch (slash < 0 ? key : key.substring(0, slash)) {
            case "workload" -> WorkloadConfig.class;
            case "routes" -> value.has("hosts") ? RouteTable.class : UnknownHost.class;
            case "cluster" -> Cluster.class;
            case "endpoints" -> EndpointSet.class;
            case "jwks" -> JwksSet.class;
            case "certificate" -> Certificate.class;
            case "trust" -> TrustBundle.class;
            default -> throw new IllegalArgumentException(key + ": of no kind that is known");
        };
    }

    /** All resources of a type, by key. */
    public <T extends MeshResource> List<T> all(Class<T> type) {
        return resources.values().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** What holds for the workload as a whole; empty before it has any configuration. */
    public Optional<WorkloadConfig> config() {
        return resources.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                ? Optional.of(config)
                : Optional.empty();
    }
}
