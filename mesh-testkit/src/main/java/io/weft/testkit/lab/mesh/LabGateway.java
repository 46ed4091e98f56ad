package io.weft.testkit.lab.mesh;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.model.SpiffeId;
import io.weft.testkit.lab.topology.GatewaySpec;
import java.util.Map;

/** A gateway of the lab. */
public record LabGateway(GatewaySpec spec, String instance, SpiffeId identity, MeshProxy proxy)
        implements AutoCloseable {

    /** Bound ports by logical port. */
    public Map<Integer, Integer> ports() {
        return proxy.plane().gatewayPorts();
    }

    @Override
    public void close() {
        proxy.close();
    }
}
