package io.weft.cli.support;

import io.weft.cli.PolicyFiles;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether a workload would get a sidecar, and by which webhook; from manifests. */
@Command(
        name = "check-inject",
        description = {
            "Tell which injection webhook takes a workload's pods, and why the others do not.",
            "It reads manifests: webhook configurations, the Namespace, and the Deployment or Pod."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "For example:",
            "  kubectl get mutatingwebhookconfigurations,ns,deploy -A -o yaml | weft check-inject"
                    + " deploy/blog-api -n blog -"
        })
public final class CheckInjectCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "WORKLOAD",
            description = "deploy/NAME, sts/NAME, ds/NAME or pod/NAME.")
    private String workload = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "PATH",
            description = "Manifests: files or folders; '-' is standard input.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            description = "Of the workload (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    private String namespace = "default";

    @Option(
            names = {"-l", "--labels"},
            paramLabel = "KEY=VALUE",
            split = ",",
            description = "Labels of the pods, in place of the manifest's.")
    private Map<String, String> labels = new TreeMap<>();

    @Mixin private final OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    private static final Map<String, String> KINDS =
            Map.of(
                    "deploy", "Deployment",
                    "deployment", "Deployment",
                    "sts", "StatefulSet",
                    "statefulset", "StatefulSet",
                    "ds", "DaemonSet",
                    "daemonset", "DaemonSet",
                    "po", "Pod",
                    "pod", "Pod");

    @Override
    public Integer call() {
        String[] parts = workload.split("/", -1);
        String kind = KINDS.get(parts[0]);
        if (kind == null || parts.length != 2 || parts[1].isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "WORKLOAD: '"
                            + workload
                            + "' (expected: deploy/NAME, sts/NAME, ds/NAME or pod/NAME)");
        }
        Manifests manifests = Manifests.read(PolicyFiles.read(paths));
        Map<?, ?> found =
                manifests
                        .find(kind, namespace, parts[1])
                        .orElseThrow(() ->
                                new CommandProblem(
                                        ExitCodes.BAD_DATA,
                                        kind
                                                + " "
                                                + namespace
                                                + "/"
                                                + parts[1]
                                                + ": not in these manifests"));
        Map<?, ?> pod = kind.equals("Pod") ? found : Manifests.map(found, "spec", "template");
        Map<?, ?> podLabels = labels.isEmpty() ? Manifests.map(pod, "metadata", "labels") : labels;
        print(verdicts(manifests, podLabels), manifests);
        return ExitCodes.OK;
    }

    private List<Map<String, Object>> verdicts(Manifests manifests, Map<?, ?> podLabels) {
        Map<Object, Object> own = new TreeMap<>();
        manifests
                .find("Namespace", "", namespace)
                .ifPresent(each -> own.putAll(Manifests.map(each, "metadata", "labels")));
        own.put("kubernetes.io/metadata.name", namespace);
        List<Map<String, Object>> verdicts = new ArrayList<>();
        for (Map<?, ?> configuration : manifests.ofKind("MutatingWebhookConfiguration")) {
            if (!(configuration.get("webhooks") instanceof List<?> webhooks)) {
                continue;
            }
            for (Object each : webhooks) {
                if (each instanceof Map<?, ?> webhook && takesPods(webhook)) {
                    verdicts.add(verdict(configuration, webhook, own, podLabels));
                }
            }
        }
        return verdicts;
    }

    private static boolean takesPods(Map<?, ?> webhook) {
        return webhook.get("rules") instanceof List<?> rules
                && rules.stream()
                        .anyMatch(rule ->
                                rule instanceof Map<?, ?> one
                                        && one.get("resources") instanceof List<?> resources
                                        && (resources.contains("pods") || resources.contains("*")));
    }

    private static Map<String, Object> verdict(
            Map<?, ?> configuration,
            Map<?, ?> webhook,
            Map<?, ?> namespaceLabels,
            Map<?, ?> podLabels) {
        String byNamespace =
                new LabelSelector(webhook.get("namespaceSelector")).mismatch(namespaceLabels);
        String byPod = new LabelSelector(webhook.get("objectSelector")).mismatch(podLabels);
        boolean injected = byNamespace.isEmpty() && byPod.isEmpty();
        Map<String, Object> verdict = new LinkedHashMap<>();
        verdict.put("webhook", named(configuration, webhook));
        verdict.put("revision", revision(configuration));
        verdict.put("injected", injected);
        verdict.put(
                "reason",
                injected
                        ? "labels of namespace and pod fit"
                        : byNamespace.isEmpty() ? "pod: " + byPod : "namespace: " + byNamespace);
        return verdict;
    }

    private static String named(Map<?, ?> configuration, Map<?, ?> webhook) {
        String of = Manifests.text(configuration, "metadata", "name");
        @Nullable Object name = webhook.get("name");
        return name == null ? of : of + "/" + name;
    }

    private static String revision(Map<?, ?> configuration) {
        @Nullable Object revision =
                Manifests.map(configuration, "metadata", "labels").get("istio.io/rev");
        return revision == null ? "default" : String.valueOf(revision);
    }

    private void print(List<Map<String, Object>> verdicts, Manifests manifests) {
        PrintWriter out = spec.commandLine().getOut();
        if (output.isStructured()) {
            output.print(out, verdicts);
            return;
        }
        TextTable table = new TextTable("WEBHOOK", "REVISION", "INJECTED", "REASON");
        for (Map<String, Object> each : verdicts) {
            table.row(
                    String.valueOf(each.get("webhook")),
                    String.valueOf(each.get("revision")),
                    Boolean.TRUE.equals(each.get("injected")) ? "✔" : "✘",
                    String.valueOf(each.get("reason")));
        }
        table.lines().forEach(out::println);
        PrintWriter err = spec.commandLine().getErr();
        if (verdicts.isEmpty()) {
            err.println("no webhook for pods is in these manifests: nobody injects a sidecar");
        }
        if (manifests.find("Namespace", "", namespace).isEmpty()) {
            err.println(
                    "Namespace "
                            + namespace
                            + " is not in these manifests: its labels count as none");
        }
    }
}
