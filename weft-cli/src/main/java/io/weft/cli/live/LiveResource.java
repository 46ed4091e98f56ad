package io.weft.cli.live;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.Map;

/** {@code KIND/NAME} as kubectl and Linkerd read it. */
record LiveResource(String kind, String name) {

    private static final Map<String, String> KINDS =
            Map.ofEntries(
                    Map.entry("deploy", "workload"),
                    Map.entry("deployment", "workload"),
                    Map.entry("workload", "workload"),
                    Map.entry("sts", "workload"),
                    Map.entry("statefulset", "workload"),
                    Map.entry("svc", "service"),
                    Map.entry("service", "service"),
                    Map.entry("po", "instance"),
                    Map.entry("pod", "instance"),
                    Map.entry("ns", "namespace"),
                    Map.entry("namespace", "namespace"));

    static LiveResource parse(String text) {
        String[] parts = text.split("/", -1);
        String kind = KINDS.get(parts[0]);
        if (kind == null || parts.length != 2 || parts[1].isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "resource: '"
                            + text
                            + "' (expected: deploy/NAME, svc/NAME, pod/NAME or ns/NAME)");
        }
        return new LiveResource(kind, parts[1]);
    }
}
