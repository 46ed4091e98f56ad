package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What signals are asked of.
 *
 * @param name of one; empty for all of the kind
 */
record StatSubject(Kind kind, String name) {

    /** Kinds, and how the control plane sums for them. */
    enum Kind {
        WORKLOADS("deploy", "workload"),
        SERVICES("svc", "service"),
        PODS("pods", "instance");

        private final String word;
        private final String by;

        Kind(String word, String by) {
            this.word = word;
            this.by = by;
        }

        String word() {
            return word;
        }

        String by() {
            return by;
        }
    }

    /**
     * A row without its signals.
     *
     * @param key under which the control plane has its signals
     */
    record Row(
            String key, String kind, String namespace, String name, String meshed, String status) {}

    private static final Map<String, Kind> KINDS =
            Map.ofEntries(
                    Map.entry("deploy", Kind.WORKLOADS),
                    Map.entry("deployment", Kind.WORKLOADS),
                    Map.entry("deployments", Kind.WORKLOADS),
                    Map.entry("workload", Kind.WORKLOADS),
                    Map.entry("workloads", Kind.WORKLOADS),
                    Map.entry("sts", Kind.WORKLOADS),
                    Map.entry("statefulset", Kind.WORKLOADS),
                    Map.entry("svc", Kind.SERVICES),
                    Map.entry("service", Kind.SERVICES),
                    Map.entry("services", Kind.SERVICES),
                    Map.entry("po", Kind.PODS),
                    Map.entry("pod", Kind.PODS),
                    Map.entry("pods", Kind.PODS));

    /** Reads {@code KIND}, {@code KIND/NAME} or {@code KIND NAME}; nothing is all workloads. */
    static StatSubject parse(List<String> words) {
        if (words.isEmpty()) {
            return new StatSubject(Kind.WORKLOADS, "");
        }
        List<String> parts = new ArrayList<>(List.of(words.getFirst().split("/", -1)));
        parts.addAll(words.subList(1, words.size()));
        Kind kind = KINDS.get(parts.getFirst());
        if (kind == null || parts.size() > 2 || parts.size() == 2 && parts.get(1).isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "resource: '"
                            + String.join(" ", words)
                            + "' (expected: deploy, svc or pods, and /NAME for one)");
        }
        return new StatSubject(kind, parts.size() == 2 ? parts.get(1) : "");
    }

    List<Row> rows(ControlPlane control, String namespace) {
        return switch (kind) {
            case WORKLOADS -> workloads(control.workloads(), namespace);
            case PODS -> pods(control.workloads(), namespace);
            case SERVICES -> services(control.get("/api/v1/services"), namespace);
        };
    }

    private boolean isAsked(JsonNode each, String field, String namespace) {
        return (namespace.isEmpty() || namespace.equals(each.path("namespace").asString("")))
                && (name.isEmpty() || name.equals(each.path(field).asString("")));
    }

    private List<Row> workloads(JsonNode all, String namespace) {
        Map<String, int[]> counts = new TreeMap<>();
        for (JsonNode each : all) {
            if (isAsked(each, "workload", namespace)) {
                String key =
                        each.path("namespace").asString("")
                                + "/"
                                + each.path("workload").asString("");
                int[] count = counts.computeIfAbsent(key, k -> new int[2]);
                count[0] += each.path("connected").asBoolean(false) ? 1 : 0;
                count[1]++;
            }
        }
        List<Row> rows = new ArrayList<>();
        counts.forEach((key, count) -> {
            int slash = key.indexOf('/');
            rows.add(
                    new Row(
                            key,
                            "deployment",
                            key.substring(0, slash),
                            key.substring(slash + 1),
                            count[0] + "/" + count[1],
                            ""));
        });
        return rows;
    }

    private List<Row> pods(JsonNode all, String namespace) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode each : all) {
            if (isAsked(each, "instance", namespace)) {
                String in = each.path("namespace").asString("");
                String own = each.path("instance").asString("");
                boolean ready = each.path("ready").asBoolean(false);
                rows.add(
                        new Row(
                                in + "/" + own,
                                "pod",
                                in,
                                own,
                                each.path("connected").asBoolean(false) ? "1/1" : "0/1",
                                ready ? "Running" : "NotReady"));
            }
        }
        return rows;
    }

    private List<Row> services(JsonNode all, String namespace) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode each : all) {
            if (!each.path("external").asBoolean(false) && isAsked(each, "name", namespace)) {
                int most = 0;
                int meshed = 0;
                for (JsonNode port : each.path("ports")) {
                    int own = 0;
                    for (JsonNode endpoint : port.path("endpoints")) {
                        own +=
                                endpoint.path("identity").isMissingNode()
                                                || endpoint.path("identity").isNull()
                                        ? 0
                                        : 1;
                    }
                    meshed = Math.max(meshed, own);
                    most = Math.max(most, port.path("endpoints").size());
                }
                rows.add(
                        new Row(
                                each.path("host").asString(""),
                                "service",
                                each.path("namespace").asString(""),
                                each.path("name").asString(""),
                                meshed + "/" + most,
                                ""));
            }
        }
        return rows;
    }
}
