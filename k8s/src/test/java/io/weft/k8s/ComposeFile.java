package io.weft.k8s;

import java.util.LinkedHashMap;
import java.util.Map;

/** The compose file with its merge keys spread. */
record ComposeFile(Map<String, Object> root) {

    static ComposeFile read() {
        String text = Project.text(Project.ROOT.resolve("compose.yaml"));
        return new ComposeFile(Tree.map(Project.merged(Project.yaml(text).getFirst())));
    }

    Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        Tree.map(root.get("services"))
                .forEach((name, value) -> services.put(name, Tree.map(value)));
        return services;
    }
}
