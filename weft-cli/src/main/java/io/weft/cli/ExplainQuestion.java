package io.weft.cli;

import io.weft.cli.control.ControlPlane;
import io.weft.engine.explain.Explanation;
import io.weft.model.WorkloadId;
import io.weft.model.wire.MeshCodec;
import io.weft.preview.Answer;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A question to the control plane: {@code POST /api/v1/explain}. */
record ExplainQuestion(
        WorkloadId from,
        Destination to,
        String method,
        String target,
        String sourceIp,
        List<Map.Entry<String, String>> headers) {

    Answer ask(ControlPlane client) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.putObject("from").put("namespace", from.namespace()).put("workload", from.name());
        body.put("host", to.host());
        body.put("port", to.port());
        body.put("scheme", to.scheme());
        body.put("method", method);
        body.put("path", target);
        body.put("sourceAddress", sourceIp);
        ArrayNode list = body.putArray("headers");
        headers.forEach(header -> list.addArray().add(header.getKey()).add(header.getValue()));
        JsonNode reply = client.post("/api/v1/explain", body);
        Explanation explanation =
                new MeshCodec().read(reply.path("explanation").toString(), Explanation.class);
        return new Answer(explanation, reply.path("server").asString(""), List.of());
    }
}
