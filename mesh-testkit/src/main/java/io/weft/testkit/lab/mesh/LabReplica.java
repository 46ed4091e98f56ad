package io.weft.testkit.lab.mesh;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.model.SpiffeId;
import io.weft.testkit.echo.EchoApplication;
import io.weft.testkit.lab.topology.WorkloadSpec;
import org.jspecify.annotations.Nullable;

/**
 * A replica of a workload: its application and, in the mesh, its sidecar.
 *
 * @param proxy null outside the mesh
 */
public record LabReplica(
        WorkloadSpec workload,
        int index,
        String instance,
        SpiffeId identity,
        EchoApplication application,
        @Nullable MeshProxy proxy)
        implements AutoCloseable {

    /** The local address at which it is seen. */
    public String address() {
        String given = workload.address();
        return given == null ? "127.0.0.1" : given;
    }

    /**
     * Where a plain connection to one of its own ports goes: to its sidecar, or to the application
     * outside the mesh; 0 when it has no such port.
     */
    public int entrance(int port) {
        if (proxy != null) {
            return proxy.plane().inboundPorts().getOrDefault(port, 0);
        }
        return application.ports().getOrDefault(port, 0);
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        application.close();
    }
}
