package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.InboundPlan;
import io.weft.compiler.yaml.Field;
import io.weft.model.AppProtocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The inbound listeners of a Sidecar. */
final class IngressReader {

    private static final Set<String> HERE = Set.of("127.0.0.1", "[::1]", "0.0.0.0", "[::]");
    private static final Pattern ENDPOINT = Pattern.compile("(.+):([0-9]{1,5})");
    private static final int MAX_PORT = 65535;

    private IngressReader() {}

    /** By the workload's port. */
    static Map<Integer, InboundPlan> read(Field list) {
        Map<Integer, InboundPlan> plans = new HashMap<>();
        for (Field item : list.items()) {
            Field port = item.get("port");
            int number = port.get("number").integer(1, MAX_PORT, 0);
            port.get("name").text();
            port.get("targetPort").accept();
            AppProtocol protocol =
                    port.get("protocol").text().map(AppProtocol::parse).orElse(AppProtocol.AUTO);
            int application = endpoint(item.get("defaultEndpoint"));
            item.get("bind").unsupported("the sidecar listens where the workload tells it to");
            captureMode(item.get("captureMode"));
            item.get("tls").unsupported("inbound TLS is the mesh's own: see PeerAuthentication");
            item.get("connectionPool").unsupported("inbound connections are not limited");
            if (number == 0) {
                if (!port.get("number").isPresent()) {
                    port.get("number").reportMissing();
                }
            } else if (plans.putIfAbsent(number, new InboundPlan(protocol, application)) != null) {
                port.get("number")
                        .error(
                                Code.CONTRADICTION,
                                "port " + number + " is there twice",
                                "keep one listener for a port");
            }
        }
        return plans;
    }

    /** The application's port, 0 where nothing is said. */
    private static int endpoint(Field field) {
        String text = field.text("");
        if (text.isEmpty()) {
            return 0;
        }
        if (text.startsWith("unix://")) {
            field.unsupported("Unix sockets are not connected to");
            return 0;
        }
        Matcher parts = ENDPOINT.matcher(text);
        boolean here = parts.matches() && HERE.contains(parts.group(1));
        int port = here ? Integer.parseInt(parts.group(2)) : 0;
        if (port < 1 || port > MAX_PORT) {
            field.reportValue(
                    text, "127.0.0.1:PORT, [::1]:PORT, 0.0.0.0:PORT, [::]:PORT or unix:///PATH");
            return 0;
        }
        return port;
    }

    private static void captureMode(Field field) {
        String mode = field.text("DEFAULT");
        switch (mode) {
            case "DEFAULT", "IPTABLES" -> {
                return;
            }
            case "NONE" -> field.unsupported("whether traffic is captured is the injector's");
            default -> field.reportValue(mode, "DEFAULT, IPTABLES, NONE");
        }
    }
}
