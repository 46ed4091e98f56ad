package io.weft.testkit.lab.control;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.testkit.lab.mesh.LabMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a sidecar holds at this moment. */
record SidecarConfig(Map<String, MeshResource> resources) {

    private static final long PATIENCE_NANOS = 3_000_000_000L;
    private static final int POLL_MILLIS = 2;

    static SidecarConfig of(MeshProxy proxy) {
        return new SidecarConfig(proxy.plane().view().resources().resources());
    }

    /** With the routes of a destination, for which the sidecar is made to ask where it has not. */
    static SidecarConfig of(LabMesh mesh, String instance, MeshProxy proxy, String host, int port) {
        String name = host.toLowerCase(Locale.ROOT) + ":" + port;
        String key = ResourceKeys.routes(name);
        SidecarConfig now = of(proxy);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        if (!now.resources().containsKey(key)) {
            mesh.want(instance, name);
        }
        while (!now.resources().containsKey(key) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return now;
            }
            now = of(proxy);
        }
        return now;
    }

    @Nullable Cluster cluster(String name) {
        return resources.get(ResourceKeys.cluster(name)) instanceof Cluster cluster
                ? cluster
                : null;
    }

    /** The endpoints of a cluster, its subset's only. */
    List<Endpoint> endpoints(Cluster cluster) {
        List<Endpoint> found = new ArrayList<>();
        for (String name : cluster.endpoints()) {
            if (resources.get(ResourceKeys.endpoints(name)) instanceof EndpointSet set) {
                set.endpoints().stream()
                        .filter(each ->
                                each.labels()
                                        .entrySet()
                                        .containsAll(cluster.subsetLabels().entrySet()))
                        .forEach(found::add);
            }
        }
        return found;
    }
}
