package io.weft.cli;

import io.weft.model.WorkloadId;
import io.weft.model.listener.InboundPort;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.wire.MeshCodec;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Asks the control plane what running workloads have. */
final class ControlPlaneLookup implements ConfigLookup {

    private final ControlPlaneClient client;
    private final MeshCodec codec = new MeshCodec();

    ControlPlaneLookup(ControlPlaneClient client) {
        this.client = client;
    }

    @Override
    public Side client(Caller caller, Destination destination) {
        return new Side(config(caller.workload()), 0);
    }

    @Override
    public Side server(Map<String, MeshResource> caller, String name) {
        if (!(caller.get(ResourceKeys.cluster(name)) instanceof Cluster cluster)) {
            return new Side(Map.of(), 0);
        }
        WorkloadId workload =
                cluster.endpoints().stream()
                        .map(set -> caller.get(ResourceKeys.endpoints(set)))
                        .filter(EndpointSet.class::isInstance)
                        .flatMap(set -> ((EndpointSet) set).endpoints().stream())
                        .filter(endpoint ->
                                endpoint.labels()
                                        .entrySet()
                                        .containsAll(cluster.subsetLabels().entrySet()))
                        .filter(endpoint -> !endpoint.workload().isEmpty())
                        .map(endpoint -> new WorkloadId(endpoint.namespace(), endpoint.workload()))
                        .findFirst()
                        .orElse(null);
        if (workload == null) {
            return new Side(Map.of(), 0);
        }
        Map<String, MeshResource> resources = config(workload);
        return new Side(resources, port(resources, cluster));
    }

    private static int port(Map<String, MeshResource> resources, Cluster cluster) {
        if (resources.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config) {
            return config.inbound().stream()
                    .filter(inbound -> inbound.service().equals(cluster.host()))
                    .map(InboundPort::port)
                    .findFirst()
                    .orElse(cluster.port());
        }
        return cluster.port();
    }

    /** Of the first instance: all of one workload have the same policies. */
    private Map<String, MeshResource> config(WorkloadId workload) {
        JsonNode instances = client.config(workload.namespace(), workload.name());
        Map<String, MeshResource> resources = new TreeMap<>();
        for (JsonNode instance : instances) {
            for (Map.Entry<String, JsonNode> each : instance.properties()) {
                resources.put(
                        each.getKey(), codec.read(each.getValue().toString(), MeshResource.class));
            }
            break;
        }
        return resources;
    }
}
