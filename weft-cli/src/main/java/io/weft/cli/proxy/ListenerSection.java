package io.weft.cli.proxy;

import io.weft.model.AppProtocol;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What the proxy listens for: its ports as it has bound them where it tells so itself, else those
 * that its configuration speaks of.
 *
 * @param port only this one; 0 for all
 * @param verbose with matches and destinations
 */
record ListenerSection(int port, boolean verbose) implements Section {

    private static final String ANY = "0.0.0.0";

    /** A listener, for both forms. */
    private record Listener(
            String address, int port, String type, String match, String destination) {}

    @Override
    public String kind() {
        return "listener";
    }

    @Override
    public List<String> titles(ProxyPicture picture) {
        return verbose
                ? List.of("ADDRESSES", "PORT", "MATCH", "DESTINATION")
                : List.of("ADDRESSES", "PORT", "TYPE");
    }

    @Override
    public List<List<String>> rows(ProxyPicture picture) {
        return listeners(picture).stream()
                .map(each -> {
                    String number = Integer.toString(each.port());
                    return verbose
                            ? List.of(each.address(), number, each.match(), each.destination())
                            : List.of(each.address(), number, each.type());
                })
                .toList();
    }

    private List<Listener> listeners(ProxyPicture picture) {
        List<Listener> all = new ArrayList<>();
        if (picture.listeners().isArray()) {
            picture.listeners().forEach(each -> all.add(bound(each)));
        } else {
            WorkloadConfig config = picture.config().orElse(null);
            if (config != null) {
                config.servers().forEach(server -> all.add(server(server)));
                config.inbound().forEach(inbound -> all.add(inbound(inbound)));
                picture.all(RouteTable.class).stream()
                        .filter(table -> config.servers().isEmpty())
                        .forEach(table -> all.add(outbound(table)));
            }
        }
        all.removeIf(each -> port != 0 && each.port() != port);
        return all;
    }

    private static Listener bound(JsonNode each) {
        String kind = each.path("kind").asString("");
        String name = each.path("name").asString("");
        String mtls = each.path("mtls").asString("");
        int logical = each.path("logicalPort").asInt(0);
        String to =
                logical > 0
                        ? (name + " port " + logical).strip()
                        : name.isEmpty() ? "Route: by authority" : "Route: " + name;
        String protocol = each.path("protocol").asString("");
        return new Listener(
                each.path("address").asString(""),
                each.path("port").asInt(0),
                protocol.isEmpty() ? "HTTP+TCP" : protocol,
                mtls.isEmpty() ? "ALL" : "Trans: mTLS " + mtls + "; App: " + protocol,
                kind + ": " + to);
    }

    private static Listener server(GatewayServer server) {
        String tls = server.tls() == null ? "" : "; Trans: TLS";
        return new Listener(
                ANY,
                server.port(),
                server.protocol().name(),
                (server.tls() == null ? "Host: " : "SNI: ")
                        + String.join(",", server.hosts())
                        + tls,
                server.httpsRedirect() ? "Redirect: https" : "Route: " + server.routes());
    }

    private static Listener inbound(InboundPort inbound) {
        String own =
                inbound.applicationPort() > 0
                        ? ", application port " + inbound.applicationPort()
                        : "";
        return new Listener(
                ANY,
                inbound.port(),
                type(inbound.protocol()),
                "Trans: mTLS " + inbound.mtls() + "; App: " + inbound.protocol(),
                "Inbound: "
                        + (inbound.service().isEmpty() ? "no service" : inbound.service())
                        + own);
    }

    private static Listener outbound(RouteTable table) {
        int colon = table.name().lastIndexOf(':');
        int number = 0;
        try {
            number = Integer.parseInt(table.name().substring(colon + 1));
        } catch (NumberFormatException e) {
            // A table without a port stands for all of them.
        }
        return new Listener(
                ANY,
                number,
                type(table.protocol()),
                "App: " + table.protocol() + "; Host: " + table.name().substring(0, colon),
                "Route: " + table.name());
    }

    private static String type(AppProtocol protocol) {
        return switch (protocol) {
            case HTTP, HTTP2, GRPC -> "HTTP";
            case TCP, TLS, HTTPS -> "TCP";
            case AUTO -> "HTTP+TCP";
        };
    }

    @Override
    public Object values(ProxyPicture picture) {
        return listeners(picture).stream()
                .map(each -> {
                    Map<String, Object> value = new LinkedHashMap<>();
                    value.put("address", each.address());
                    value.put("port", each.port());
                    value.put("type", each.type());
                    value.put("match", each.match());
                    value.put("destination", each.destination());
                    return value;
                })
                .toList();
    }
}
