package io.weft.cli.support;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.compiler.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Kubernetes manifests as plain values; for what the compiler of policies has no use for. */
record Manifests(List<Map<?, ?>> all) {

    Manifests {
        all = List.copyOf(all);
    }

    static Manifests read(List<SourceFile> files) {
        List<Map<?, ?>> all = new ArrayList<>();
        for (SourceFile file : files) {
            try {
                Load load = new Load(LoadSettings.builder().setLabel(file.path()).build());
                for (Object document : load.loadAllFromString(file.text())) {
                    add(document, all);
                }
            } catch (YamlEngineException e) {
                throw new CommandProblem(
                        ExitCodes.BAD_DATA, file.path() + ": is no YAML: " + firstLine(e));
            }
        }
        return new Manifests(all);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static void add(Object document, List<Map<?, ?>> into) {
        if (document instanceof Map<?, ?> one) {
            if (one.get("items") instanceof List<?> items) {
                items.forEach(item -> add(item, into));
            } else {
                into.add(one);
            }
        }
    }

    List<Map<?, ?>> ofKind(String kind) {
        return all.stream().filter(each -> kind.equals(each.get("kind"))).toList();
    }

    Optional<Map<?, ?>> find(String kind, String namespace, String name) {
        return ofKind(kind).stream()
                .filter(each -> name.equals(text(each, "metadata", "name")))
                .filter(each -> namespace.isEmpty() || namespace.equals(namespaceOf(each)))
                .findFirst();
    }

    static String namespaceOf(Map<?, ?> manifest) {
        String namespace = text(manifest, "metadata", "namespace");
        return namespace.isEmpty() ? "default" : namespace;
    }

    /** What lies at a path; empty where there is nothing. */
    static Map<?, ?> map(Map<?, ?> from, String... path) {
        Map<?, ?> at = from;
        for (String name : path) {
            if (!(at.get(name) instanceof Map<?, ?> next)) {
                return Map.of();
            }
            at = next;
        }
        return at;
    }

    static String text(Map<?, ?> from, String parent, String name) {
        Object value = map(from, parent).get(name);
        return value == null ? "" : String.valueOf(value);
    }
}
