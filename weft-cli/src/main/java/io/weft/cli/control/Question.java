package io.weft.cli.control;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What would become of a request, asked of the control plane: it runs the sidecar's own code.
 *
 * @param scheme {@code http}, or {@code tcp} for an opaque connection
 */
public record Question(
        String namespace,
        String workload,
        String host,
        int port,
        String scheme,
        String method,
        String path) {

    /** The explanation. */
    public JsonNode ask(ControlPlane control) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("from", Map.of("namespace", namespace, "workload", workload));
        body.put("host", host);
        body.put("port", port);
        body.put("scheme", scheme);
        body.put("method", method);
        body.put("path", path);
        return control.post("/api/v1/explain", body).path("explanation");
    }
}
