package io.weft.testkit.lab.control;

import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.RouteAction;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabReplica;
import io.weft.testkit.lab.topology.PortSpec;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a plain connection to a name goes: to the callee's sidecar in plain text, or straight to an
 * application outside the mesh.
 */
record Names(LabMesh mesh) {

    Optional<InetSocketAddress> resolve(LabReplica caller, String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return workload(caller, name, port)
                .or(() -> place(name, caller, port))
                .or(() -> known(caller, name, port));
    }

    private Optional<InetSocketAddress> workload(LabReplica caller, String host, int port) {
        for (LabReplica replica : mesh.replicas()) {
            boolean byAddress = host.equals(replica.workload().address());
            if (byAddress || isNamed(replica, host, caller.workload().namespace())) {
                int entrance = byAddress ? replica.entrance(port) : entrance(replica, port);
                if (entrance > 0) {
                    String address = replica.proxy() == null ? "127.0.0.1" : replica.address();
                    return Optional.of(new InetSocketAddress(address, entrance));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isNamed(LabReplica replica, String host, String callerNamespace) {
        String service = replica.workload().service();
        String namespace = replica.workload().namespace();
        String qualified = service + "." + namespace;
        return host.equals(service) && namespace.equals(callerNamespace)
                || List.of(qualified, qualified + ".svc", qualified + ".svc.cluster.local")
                        .contains(host);
    }

    /** The Service's port, or one that only the workload has. */
    private static int entrance(LabReplica replica, int port) {
        for (PortSpec each : replica.workload().ports()) {
            if (each.port() == port) {
                return replica.entrance(each.targetPort());
            }
        }
        return replica.entrance(port);
    }

    private Optional<InetSocketAddress> place(String host, LabReplica caller, int port) {
        int place = mesh.place(host, port);
        if (place == 0) {
            place = mesh.place(host + "." + caller.workload().namespace(), port);
        }
        return place == 0
                ? Optional.empty()
                : Optional.of(new InetSocketAddress("127.0.0.1", place));
    }

    /** Names that only resources know: as the caller's sidecar resolves them. */
    private Optional<InetSocketAddress> known(LabReplica caller, String host, int port) {
        var proxy = caller.proxy();
        if (proxy == null) {
            return Optional.empty();
        }
        SidecarConfig config = SidecarConfig.of(mesh, caller.instance(), proxy, host, port);
        if (!(config.resources().get(ResourceKeys.routes(host + ":" + port))
                instanceof RouteTable table)) {
            return Optional.empty();
        }
        return table.hosts().stream()
                .flatMap(virtual -> virtual.routes().stream())
                .map(route -> route.action())
                .filter(RouteAction.Forward.class::isInstance)
                .flatMap(action -> ((RouteAction.Forward) action).destinations().stream())
                .map(weighted -> weighted.destination())
                .filter(Destination.ToCluster.class::isInstance)
                .map(destination -> config.cluster(((Destination.ToCluster) destination).cluster()))
                .flatMap(cluster ->
                        cluster == null
                                ? java.util.stream.Stream.of()
                                : config.endpoints((Cluster) cluster).stream())
                .findFirst()
                .map((Endpoint each) -> new InetSocketAddress(each.address(), each.port()));
    }
}
