package io.weft.compiler.dialect;

import io.weft.model.AppProtocol;
import java.util.List;

/**
 * A port of a workload for which authorisation is asked.
 *
 * @param port the workload's port, 0 for those that are not declared and for gateways
 * @param portName the workload's name for it, empty where it has none
 * @param protocol tells whether requests can be told apart
 * @param services names of the services before it, in the workload's namespace
 */
public record InboundView(int port, String portName, AppProtocol protocol, List<String> services) {

    public InboundView {
        services = List.copyOf(services);
    }

    public InboundView(int port, AppProtocol protocol, List<String> services) {
        this(port, "", protocol, services);
    }
}
