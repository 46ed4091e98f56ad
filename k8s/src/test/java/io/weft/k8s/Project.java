package io.weft.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The project's files, wherever it is checked out. */
final class Project {

    static final Path MODULE = module();
    static final Path ROOT = MODULE.getParent();

    private Project() {}

    private static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("k8s") ? here : here.resolve("k8s");
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All documents of a YAML text that are mappings. */
    static List<Map<String, Object>> yaml(String text) {
        List<Map<String, Object>> documents = new ArrayList<>();
        LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(200).build();
        for (Object document : new Load(settings).loadAllFromString(text)) {
            if (document instanceof Map<?, ?> map) {
                documents.add(Tree.map(map));
            }
        }
        return documents;
    }

    /** Spreads merge keys ({@code <<}) as compose does; the engine knows YAML 1.2 only. */
    static Object merged(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(Project::merged).toList();
        }
        if (!(node instanceof Map<?, ?> map)) {
            return node;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        Object base = map.get("<<");
        if (base != null) {
            result.putAll(Tree.map(merged(base)));
        }
        Tree.map(map)
                .forEach((key, value) -> {
                    if (!key.equals("<<")) {
                        result.put(key, value == null ? Map.of() : merged(value));
                    }
                });
        return result;
    }
}
