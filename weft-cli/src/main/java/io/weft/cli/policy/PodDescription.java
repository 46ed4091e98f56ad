package io.weft.cli.policy;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.proxy.ProxyPicture;
import io.weft.cli.proxy.ProxySource;
import io.weft.model.authz.JwtRule;
import io.weft.model.listener.InboundPort;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What holds for what comes in at a workload.
 *
 * @param workload as {@code /api/v1/workloads} has it
 */
record PodDescription(ControlPlane control, JsonNode workload) {

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(
                "Pod",
                workload.path("instance").asString("")
                        + "."
                        + workload.path("namespace").asString(""));
        values.put("Workload", workload.path("workload").asString(""));
        values.put("Identity", workload.path("identity").asString(""));
        values.put("Proxy", proxy());
        List<String> services = new ArrayList<>();
        workload.path("services").forEach(each -> services.add(each.asString("")));
        if (!services.isEmpty()) {
            values.put("Services", services);
        }
        ProxyPicture picture = ProxySource.of(control, workload);
        WorkloadConfig config = picture.config().orElse(null);
        if (config == null) {
            values.put("Configuration", "none yet");
            return values;
        }
        List<Object> ports = new ArrayList<>();
        for (InboundPort port : config.inbound()) {
            ports.add(port(picture, port));
        }
        values.put("Ports", ports);
        if (!config.servers().isEmpty()) {
            values.put(
                    "Gateway policies",
                    EnforcedPolicy.of(picture, 0).stream().map(PodDescription::line).toList());
        }
        return values;
    }

    private String proxy() {
        String refusal = workload.path("refusal").path("reason").asString("");
        String state =
                !workload.path("connected").asBoolean(false)
                        ? "not connected"
                        : !refusal.isEmpty()
                                ? "refuses its configuration: " + refusal
                                : workload.path("inSync").asBoolean(false)
                                        ? "connected, has the configuration in force"
                                        : "connected, waits for configuration";
        return (workload.path("gateway").asBoolean(false) ? "gateway, " : "sidecar, ") + state;
    }

    private static Map<String, Object> port(ProxyPicture picture, InboundPort port) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put(
                "Port",
                port.port()
                        + " "
                        + port.protocol()
                        + (port.service().isEmpty() ? "" : " of " + port.service()));
        told.put("mTLS", port.mtls() + " (" + port.mtlsOrigin().describe() + ")");
        told.put("Tokens", port.jwt().stream().map(PodDescription::token).toList());
        told.put(
                "Policies",
                EnforcedPolicy.of(picture, port.port()).stream()
                        .map(PodDescription::line)
                        .toList());
        return told;
    }

    private static String token(JwtRule rule) {
        return rule.issuer() + " (" + rule.origin().describe() + ")";
    }

    private static String line(EnforcedPolicy policy) {
        return policy.action()
                + " "
                + policy.label()
                + ", "
                + policy.rules()
                + (policy.rules() == 1 ? " rule (" : " rules (")
                + policy.file()
                + ":"
                + policy.line()
                + ")";
    }
}
