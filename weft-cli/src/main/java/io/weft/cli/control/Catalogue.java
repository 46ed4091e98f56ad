package io.weft.cli.control;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The services that the control plane knows, found by the names that people write. */
public record Catalogue(JsonNode services) {

    /** A port of a service. */
    public record Port(String host, int number, String protocol) {

        /** How a question speaks to it. */
        public String scheme() {
            return switch (protocol) {
                case "TCP", "TLS", "HTTPS" -> "tcp";
                default -> "http";
            };
        }

        @Override
        public String toString() {
            return host + ":" + number;
        }
    }

    public static Catalogue of(ControlPlane control) {
        return new Catalogue(control.get("/api/v1/services"));
    }

    /** All ports of all services that workloads of the mesh stand behind, or the outside. */
    public List<Port> ports() {
        List<Port> ports = new ArrayList<>();
        services.forEach(each -> ports.addAll(ports(each)));
        return ports;
    }

    /** Those of one service. */
    public static List<Port> ports(JsonNode service) {
        List<Port> ports = new ArrayList<>();
        for (JsonNode port : service.path("ports")) {
            ports.add(
                    new Port(
                            service.path("host").asString(""),
                            port.path("port").asInt(0),
                            port.path("protocol").asString("AUTO")));
        }
        return ports;
    }

    /**
     * A service by {@code NAME.NAMESPACE}, {@code NAMESPACE/NAME}, its host name, or {@code NAME}.
     *
     * @param namespace where nothing else is said; empty for any
     */
    public JsonNode find(String text, String namespace) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode each : services) {
            String name = each.path("name").asString("");
            String in = each.path("namespace").asString("");
            boolean here = namespace.isEmpty() || namespace.equals(in);
            if (text.equals(each.path("host").asString(""))
                    || text.equals(in + "/" + name)
                    || text.equals(name + "." + in)
                    || here && text.equals(name)) {
                found.add(each);
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (found.isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    text + ": no such service (expected: NAME.NAMESPACE or a host name)");
        }
        throw new CommandProblem(
                ExitCodes.USAGE,
                text
                        + ": in several namespaces: "
                        + String.join(
                                ", ",
                                found.stream().map(e -> e.path("namespace").asString("")).toList())
                        + " (expected: -n NAMESPACE)");
    }
}
