package io.weft.testkit.lab.control;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabReplica;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/** Finds whose sidecar a connection reaches. */
record Callees(LabMesh mesh) {

    /**
     * The sidecar at the other end.
     *
     * @param resources what it holds, empty outside the mesh
     * @param port the workload's own
     */
    record Callee(Map<String, MeshResource> resources, int port, String name, String address) {
        static final Callee OUTSIDE = new Callee(Map.of(), 0, "", "127.0.0.1");
    }

    Callee find(SidecarConfig config, String cluster) {
        Cluster found = config.cluster(cluster);
        Optional<Endpoint> endpoint =
                found == null ? Optional.empty() : config.endpoints(found).stream().findFirst();
        return endpoint.map(e -> find(new InetSocketAddress(e.address(), e.port())))
                .orElse(Callee.OUTSIDE);
    }

    Callee find(InetSocketAddress address) {
        for (LabReplica replica : mesh.replicas()) {
            MeshProxy proxy = replica.proxy();
            if (proxy == null) {
                continue;
            }
            for (var port : proxy.plane().inboundPorts().entrySet()) {
                if (port.getValue() == address.getPort()) {
                    return new Callee(
                            SidecarConfig.of(proxy).resources(),
                            port.getKey(),
                            replica.instance(),
                            replica.address());
                }
            }
        }
        return Callee.OUTSIDE;
    }
}
