package io.weft.testkit.lab.topology;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads workloads; remembers those it has seen, so that none is declared twice. */
final class WorkloadReader {

    private static final int MAX_REPLICAS = 50;
    private static final String PROTOCOLS = "HTTP, HTTP2, GRPC, TCP, TLS, HTTPS, WebSocket, AUTO";

    private final Set<String> seen = new HashSet<>();

    WorkloadSpec read(Field item) {
        String name = Names.required(item.get("name"));
        String namespace = Names.orElse(item.get("namespace"), "default");
        Map<String, String> labels = item.get("labels").texts();
        if (labels.isEmpty()) {
            labels = Map.of("app", name);
        }
        WorkloadSpec workload =
                new WorkloadSpec(
                        name,
                        namespace,
                        Names.orElse(item.get("serviceAccount"), name),
                        labels,
                        Names.orElse(item.get("service"), name),
                        item.get("headless").bool(false),
                        item.get("replicas").integer(0, MAX_REPLICAS, 1),
                        item.get("sidecar").bool(true),
                        address(item.get("address")),
                        Locality.parse(item.get("locality").text("")),
                        ports(item.get("ports")));
        if (!seen.add(namespace + "/" + name + "/" + workload.version())) {
            item.error(
                    Code.DUPLICATE_RESOURCE,
                    "workload " + namespace + "/" + name + " is declared already",
                    "give it another name, or another label version");
        }
        return workload;
    }

    private static @Nullable String address(Field field) {
        String text = field.text("");
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}")) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: an address of loopback, 127.x.y.z)",
                    "choose one such as 127.10.0.1");
        }
        return text;
    }

    private static List<PortSpec> ports(Field field) {
        if (!field.isPresent()) {
            return List.of(
                    new PortSpec(
                            "http", 80, 80, AppProtocol.HTTP, PortSpec.Bind.EVERYWHERE, false));
        }
        List<PortSpec> ports = new ArrayList<>();
        Set<Integer> targets = new HashSet<>();
        Set<Integer> servicePorts = new HashSet<>();
        for (Field item : field.items()) {
            int port = item.get("port").integer(1, 65535, 0);
            int target = item.get("targetPort").integer(1, 65535, port);
            if (port == 0 && target == 0) {
                item.get("port").reportMissing();
                continue;
            }
            AppProtocol protocol =
                    item.get("protocol").isPresent()
                            ? protocol(item.get("protocol"))
                            : byName(item.get("name").text("http"));
            String otherwise = protocol.name().toLowerCase(Locale.ROOT) + "-" + target;
            ports.add(
                    new PortSpec(
                            item.get("name").text(otherwise),
                            port,
                            target,
                            protocol,
                            bind(item.get("bind")),
                            item.get("serverFirst").bool(false)));
            if (port > 0 && !servicePorts.add(port)) {
                item.error(
                        Code.CONTRADICTION,
                        "the Service has a port " + port + " already",
                        "choose another port");
            }
            if (!targets.add(target) && port == 0) {
                item.error(
                        Code.CONTRADICTION,
                        "the application listens on " + target + " already",
                        "choose another targetPort");
            }
        }
        return ports;
    }

    private static PortSpec.Bind bind(Field field) {
        return switch (field.text("")) {
            case "" -> PortSpec.Bind.EVERYWHERE;
            case "address" -> PortSpec.Bind.ADDRESS;
            case "localhost" -> PortSpec.Bind.LOCALHOST;
            default -> {
                field.reportValue(field.text(""), "address, localhost");
                yield PortSpec.Bind.EVERYWHERE;
            }
        };
    }

    /** As Istio reads port names: {@code http}, {@code grpc-web}, {@code tcp-main}. */
    private static AppProtocol byName(String name) {
        return AppProtocol.parse(name.split("-", 2)[0]);
    }

    private static AppProtocol protocol(Field field) {
        String text = field.text("");
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "HTTP", "WEBSOCKET" -> AppProtocol.HTTP;
            case "HTTP2" -> AppProtocol.HTTP2;
            case "GRPC" -> AppProtocol.GRPC;
            case "TCP" -> AppProtocol.TCP;
            case "TLS" -> AppProtocol.TLS;
            case "HTTPS" -> AppProtocol.HTTPS;
            case "AUTO" -> AppProtocol.AUTO;
            default -> {
                field.reportValue(text, PROTOCOLS);
                yield AppProtocol.AUTO;
            }
        };
    }
}
