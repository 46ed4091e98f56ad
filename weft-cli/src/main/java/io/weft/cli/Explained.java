package io.weft.cli;

import io.weft.engine.explain.Explanation;
import io.weft.model.wire.MeshCodec;
import io.weft.preview.Answer;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer with what it was asked of.
 *
 * @param request in one line
 * @param caller {@code namespace/name}
 * @param identity its principal; empty when the control plane did not say
 * @param commit of the configuration, empty where there is none
 * @param source files, or the control plane's address
 */
record Explained(
        String request,
        List<Map.Entry<String, String>> headers,
        String caller,
        String identity,
        String commit,
        String source,
        Answer answer) {

    /** The explanation's own members, and beside them what it was asked of. */
    ObjectNode json() {
        MeshCodec codec = new MeshCodec();
        ObjectNode all = JsonMapper.shared().createObjectNode();
        all.put("request", request);
        all.put("caller", caller);
        all.put("identity", identity);
        all.put("callee", answer.callee());
        all.put("commit", commit);
        all.put("source", source);
        JsonNode explanation = JsonMapper.shared().readTree(codec.write(answer.explanation()));
        explanation.properties().forEach(member -> all.set(member.getKey(), member.getValue()));
        ArrayNode shares = all.putArray("shares");
        for (Answer.PerShare share : answer.shares()) {
            Explanation.Decision end = share.explanation().decision();
            ObjectNode one = shares.addObject();
            one.put("destination", share.destination());
            one.put("percent", share.percent());
            one.put("callee", share.callee());
            one.set("decision", JsonMapper.shared().readTree(codec.write(end)));
        }
        return all;
    }
}
