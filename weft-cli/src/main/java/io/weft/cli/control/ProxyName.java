package io.weft.cli.control;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A proxy as people name it: {@code NAME.NAMESPACE}, {@code NAMESPACE/WORKLOAD}, {@code pod/NAME},
 * {@code deploy/NAME} or {@code NAME}.
 *
 * @param namespace empty for any
 * @param name of an instance or of its workload
 */
public record ProxyName(String namespace, String name) {

    private static final List<String> KINDS =
            List.of(
                    "pod",
                    "po",
                    "pods",
                    "deploy",
                    "deployment",
                    "deployments",
                    "sts",
                    "statefulset",
                    "workload");

    /**
     * Reads what was written.
     *
     * @param namespace where nothing else is said; empty for any
     */
    public static ProxyName parse(String text, String namespace) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return dotted(text, namespace);
        }
        String before = text.substring(0, slash);
        String after = text.substring(slash + 1);
        if (before.isEmpty() || after.isEmpty() || after.indexOf('/') >= 0) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "PROXY: '"
                            + text
                            + "' (expected: NAME.NAMESPACE, NAMESPACE/WORKLOAD, pod/NAME or"
                            + " deploy/NAME)");
        }
        return KINDS.contains(before) ? dotted(after, namespace) : new ProxyName(before, after);
    }

    private static ProxyName dotted(String text, String namespace) {
        int dot = text.lastIndexOf('.');
        return dot > 0 && namespace.isEmpty()
                ? new ProxyName(text.substring(dot + 1), text.substring(0, dot))
                : new ProxyName(namespace, text);
    }

    /** Whether a workload of {@code /api/v1/workloads} is meant. */
    public boolean isFor(JsonNode workload) {
        return (namespace.isEmpty() || namespace.equals(workload.path("namespace").asString("")))
                && (name.equals(workload.path("instance").asString(""))
                        || name.equals(workload.path("workload").asString("")));
    }

    /**
     * The proxy that is meant: a connected one where there are several.
     *
     * @throws CommandProblem when there is none, or the name fits several workloads
     */
    public JsonNode find(JsonNode workloads) {
        List<JsonNode> found = new ArrayList<>();
        workloads.forEach(each -> {
            if (isFor(each)) {
                found.add(each);
            }
        });
        List<String> owners =
                found.stream().map(ProxyName::owner).distinct().collect(Collectors.toList());
        if (owners.size() > 1) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    this + ": is one of " + String.join(", ", owners) + " (expected: one of them)");
        }
        return found.stream()
                .filter(each -> each.path("connected").asBoolean(false))
                .findFirst()
                .or(() -> found.stream().findFirst())
                .orElseThrow(() ->
                        new CommandProblem(
                                ExitCodes.BAD_DATA,
                                this
                                        + ": no such proxy (expected: one of those that weft"
                                        + " proxy-status lists)"));
    }

    private static String owner(JsonNode workload) {
        return workload.path("namespace").asString("")
                + "/"
                + workload.path("workload").asString("");
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : name + "." + namespace;
    }
}
