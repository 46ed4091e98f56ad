package io.weft.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.running.RunningMesh;
import io.weft.cli.running.RunningMesh.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tables, JSON members and exit codes of ../shared/conformance/cli, against a running mesh. */
@Timeout(120)
class CommandLineConformanceTest {

    private static final Path SET = Path.of("../../shared/conformance/cli");

    private static final String AMBIENT = "there are no waypoints and no ztunnel here";
    private static final String NO_SUCH_VIEW = "Weft counts by workload, service and pod only";

    /** Why a table is left out. */
    private static final Map<String, String> LEFT_OUT =
            Map.ofEntries(
                    Map.entry("istioctl remote-clusters", "one control plane has one cluster"),
                    Map.entry("istioctl waypoint list", AMBIENT),
                    Map.entry("istioctl ztunnel-config workload", AMBIENT),
                    Map.entry("istioctl ztunnel-config service", AMBIENT),
                    Map.entry("istioctl ztunnel-config certificate", AMBIENT),
                    Map.entry("istioctl ztunnel-config connections", AMBIENT),
                    Map.entry("istioctl ztunnel-config policy", AMBIENT),
                    Map.entry(
                            "istioctl proxy-config ecds", "proxies are not extended over the wire"),
                    Map.entry(
                            "istioctl proxy-config bootstrap",
                            "no table; sidecars have properties"),
                    Map.entry("istioctl proxy-config log", "no table; levels are Spring Boot's"),
                    Map.entry("istioctl experimental metrics", "weft stat has Linkerd's columns"),
                    Map.entry("linkerd viz stat-inbound", "weft routes has them"),
                    Map.entry("linkerd viz stat-outbound", "weft routes has them"),
                    Map.entry("linkerd viz tap", "no table; a request is told once, at its end"),
                    Map.entry("linkerd viz authz", NO_SUCH_VIEW),
                    Map.entry("linkerd authz", "weft authz check has Istio's columns"),
                    Map.entry(
                            "linkerd diagnostics endpoints", "weft proxy-config endpoint has them"),
                    Map.entry("linkerd viz stat trafficsplits", NO_SUCH_VIEW),
                    Map.entry("linkerd viz stat servers", NO_SUCH_VIEW),
                    Map.entry(
                            "linkerd viz stat serverauthorizations and authorizationpolicies",
                            NO_SUCH_VIEW),
                    Map.entry("linkerd viz stat httproutes", NO_SUCH_VIEW));

    /** What a user of Weft types for a table. */
    private static final Map<String, List<String>> WORDS =
            Map.ofEntries(
                    Map.entry("proxy-status default", List.of("proxy-status")),
                    Map.entry("proxy-status --verbosity above 0", List.of("proxy-status", "-v")),
                    Map.entry("proxy-config cluster default", pc("cluster")),
                    Map.entry("proxy-config listener default (verbose is on)", pc("listener")),
                    Map.entry(
                            "proxy-config listener --verbose=false",
                            List.of("proxy-config", "listener", "web-0.shop", "--verbose=false")),
                    Map.entry("proxy-config route default (verbose is on)", pc("route")),
                    Map.entry(
                            "proxy-config route --verbose=false",
                            List.of("proxy-config", "route", "web-0.shop", "--verbose=false")),
                    Map.entry("proxy-config endpoint default", pc("endpoint")),
                    Map.entry("proxy-config eds default", pc("eds")),
                    Map.entry("proxy-config secret default", pc("secret")),
                    Map.entry("proxy-config all default: five tables, in this order", pc("all")),
                    Map.entry(
                            "experimental check-inject default",
                            List.of("check-inject", "deploy/api", "-n", "shop", "MANIFEST")),
                    Map.entry("viz stat workloads, one namespace", stat("deploy", "-n", "shop")),
                    Map.entry("viz stat workloads, all namespaces", stat("deploy", "-A")),
                    Map.entry(
                            "viz stat workloads, -o wide",
                            stat("deploy", "-n", "shop", "-o", "wide")),
                    Map.entry("viz stat pods", stat("pods", "-n", "shop")),
                    Map.entry("viz routes a service", routes("svc/api", "-n", "shop")),
                    Map.entry("viz routes any other resource", routes("deploy/api", "-n", "shop")),
                    Map.entry(
                            "viz routes --to and -o wide",
                            routes("deploy/web", "-n", "shop", "--to", "svc/api", "-o", "wide")),
                    Map.entry("viz edges default", List.of("edges", "-n", "shop")),
                    Map.entry("viz edges -o wide", List.of("edges", "-n", "shop", "-o", "wide")),
                    Map.entry("viz top default", top()),
                    Map.entry("viz top --routes", top("--routes")),
                    Map.entry("viz top --hide-sources", top("--hide-sources")));

    @TempDir static Path directory;
    private static RunningMesh mesh;
    private static Thread caller;
    private static Path manifest;

    private static List<String> pc(String section) {
        return List.of("proxy-config", section, "web-0.shop");
    }

    private static List<String> stat(String... words) {
        return joined("stat", words);
    }

    private static List<String> routes(String... words) {
        List<String> all = new ArrayList<>(joined("routes", words));
        all.addAll(List.of("-t", "2s"));
        return all;
    }

    private static List<String> top(String... words) {
        List<String> all = new ArrayList<>(joined("top", words));
        all.addAll(List.of("deploy/api", "-n", "shop", "--duration", "2s"));
        return all;
    }

    private static List<String> joined(String first, String... words) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(words));
        return all;
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(SET), "no conformance data at " + SET);
        manifest =
                Files.writeString(
                        directory.resolve("deployment.yaml"),
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: api, namespace: shop}
                        spec: {template: {metadata: {labels: {app: api}}}}
                        """);
        mesh = RunningMesh.start(directory);
        caller =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                mesh.get("/flaky");
                                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                            }
                        });
        RunningMesh.eventually(
                "traffic is reported", () -> mesh.weft("edges", "-n", "shop").out().contains("√"));
    }

    @AfterAll
    static void stop() {
        if (caller != null) {
            caller.interrupt();
        }
        if (mesh != null) {
            mesh.close();
        }
    }

    private static JsonNode cases(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(SET.resolve(name)));
    }

    private static Ran weft(List<String> words) {
        List<String> all =
                words.stream()
                        .map(each -> each.equals("MANIFEST") ? manifest.toString() : each)
                        .toList();
        // What only reads files asks no control plane.
        return words.getFirst().equals("check-inject")
                ? RunningMesh.run(all)
                : mesh.weft(all.toArray(String[]::new));
    }

    @Test
    void tablesHaveTheColumnsThatPeopleKnow() throws Exception {
        List<String> wrong = new ArrayList<>();
        Map<String, String> left = new TreeMap<>();
        int right = 0;
        JsonNode tables = cases("columns.json").path("tables");
        for (JsonNode table : tables) {
            String tool = table.path("tool").asString();
            String command = table.path("command").asString();
            String variant = table.path("variant").asString();
            String reason =
                    LEFT_OUT.getOrDefault(
                            tool + " " + command,
                            LEFT_OUT.get(tool + " " + command + " " + variant));
            if (reason != null) {
                left.put(tool + " " + command + " " + variant, reason);
                continue;
            }
            List<String> words = WORDS.get(command + " " + variant);
            assertThat(words).as("words for %s %s", command, variant).isNotNull();
            String problem = compare(table, weft(words));
            if (problem.isEmpty()) {
                right++;
            } else {
                wrong.add(command + " " + variant + ": " + problem);
            }
        }
        System.out.printf(
                "cli columns: %d of %d tables alike, %d left out%n",
                right, tables.size(), left.size());
        left.forEach((name, reason) -> System.out.println("  left out: " + name + ": " + reason));
        assertThat(wrong).isEmpty();
        assertThat(right).isEqualTo(tables.size() - left.size());
    }

    /** Empty when the titles are those; several tables stand below each other. */
    private static String compare(JsonNode table, Ran ran) {
        List<List<String>> expected = new ArrayList<>();
        JsonNode columns = table.path("columns");
        if (columns.path(0).isArray()) {
            columns.forEach(each -> expected.add(texts(each)));
        } else {
            expected.add(texts(columns));
        }
        List<List<String>> found = new ArrayList<>();
        boolean first = true;
        for (String line : ran.out().lines().toList()) {
            if (first && !line.isBlank()) {
                found.add(Ran.titles(line));
            }
            first = line.isBlank();
        }
        for (int i = 0; i < expected.size(); i++) {
            List<String> titles = new ArrayList<>(i < found.size() ? found.get(i) : List.of());
            // "a last column TRUST DOMAIN is added when a secret names one": here one does.
            titles.remove("TRUST DOMAIN");
            if (table.path("variant").asString().startsWith("--verbosity")) {
                // One column for each kind that is known, sorted; the case shows Istio's.
                List<String> kinds = titles.subList(2, titles.size() - 2);
                List<String> sorted = List.copyOf(new TreeSet<>(kinds));
                titles = kinds.equals(sorted) ? ownKinds(titles, kinds, expected.get(i)) : titles;
            }
            if (!titles.equals(expected.get(i))) {
                return titles + " (expected: " + expected.get(i) + ") " + ran.err();
            }
        }
        return ran.code() == 0 ? "" : "exit code " + ran.code() + ": " + ran.err();
    }

    private static List<String> ownKinds(
            List<String> titles, List<String> kinds, List<String> expected) {
        List<String> replaced = new ArrayList<>(titles.subList(0, 2));
        replaced.addAll(
                kinds.contains("CDS") && kinds.contains("LDS") && kinds.contains("RDS")
                        ? expected.subList(2, expected.size() - 2)
                        : kinds);
        replaced.addAll(titles.subList(titles.size() - 2, titles.size()));
        return replaced;
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void jsonHasTheMembersThatProgramsRead() throws Exception {
        Map<String, List<String>> words =
                Map.of(
                        "viz stat -o json", stat("deploy/api", "-n", "shop", "-o", "json"),
                        "viz routes -o json", routes("svc/api", "-n", "shop", "-o", "json"),
                        "viz edges -o json", List.of("edges", "-n", "shop", "-o", "json"),
                        "check -o json", List.of("check", "-o", "json"),
                        "analyze -o json", List.of("analyze", "-o", "json", "BROKEN"));
        Path broken =
                Files.writeString(
                        directory.resolve("broken.yaml"),
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: api, namespace: shop}
                        spec: {hosts: [api], http: [{match: [{uri: {prefix: /}}]}]}
                        """);
        JsonNode fields = cases("columns.json").path("jsonFields");
        int right = 0;
        for (JsonNode each : fields) {
            List<String> asked =
                    words.get(each.path("command").asString()).stream()
                            .map(word -> word.equals("BROKEN") ? broken.toString() : word)
                            .toList();
            JsonNode answer = JsonMapper.shared().readTree(weft(asked).out());
            JsonNode one = answer.isArray() ? answer.get(0) : answer;
            if (each.path("shape").asString().startsWith("map from resource")) {
                one = answer.path("svc/api").get(0);
            }
            assertThat(one.propertyNames())
                    .as(each.path("command").asString())
                    .containsAll(texts(each.path("always")));
            right++;
        }
        System.out.printf("cli JSON members: %d of %d%n", right, fields.size());
    }

    /** Why an exit code is another one. */
    private static final Map<String, String> OTHER_CODES =
            Map.of(
                    "istioctl any: any other failure",
                    "65 for input, 69 for a control plane that is not reached: more than 1 says",
                    "istioctl analyze: a --suppress value that is not CODE=RESOURCE",
                    "64, as every wrong call",
                    "istioctl proxy-status: an output format that is not table, json or yaml",
                    "64, as every wrong call",
                    "linkerd viz stat, routes, edges, tap, top: wrong usage, unknown resource or a"
                            + " failed request",
                    "64, 65, 69: as every command of Weft",
                    "linkerd any: unknown command or flag",
                    "64, as istioctl's",
                    "istioctl analyze: a file that could not be parsed, with --ignore-unknown",
                    "a file that cannot be read is never passed over");

    @Test
    void exitCodesAreThoseThatScriptsTest() throws Exception {
        Path good = file("good.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n");
        Path bad = file("bad.yaml", "a: [1, 2\n");
        String broken =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: shop%s}
                spec: {hosts: [api], http: [{route: [{destination: {host: nowhere}}]}]}
                """;
        Path error = file("error.yaml", broken.formatted(""));
        Path silenced =
                file(
                        "silenced.yaml",
                        broken.formatted(
                                ", annotations: {galley.istio.io/analyze-suppress: IST0101}"));
        Map<String, List<String>> calls = new TreeMap<>();
        calls.put(
                "istioctl any: unknown command, or a flag that is unknown or has a bad value",
                List.of("proxy-status", "--bogus"));
        calls.put("istioctl any: success", List.of("status"));
        calls.put(
                "istioctl analyze: no message at or above the failure threshold (default Error),"
                        + " all input parsed",
                List.of("analyze", good.toString()));
        calls.put(
                "istioctl analyze: a message at or above the failure threshold, output format log",
                List.of("analyze", error.toString()));
        calls.put(
                "istioctl analyze: no such message, but a file that could not be parsed, output"
                        + " format log, without --ignore-unknown",
                List.of("analyze", bad.toString()));
        calls.put(
                "istioctl analyze: messages at or above the failure threshold, output format json"
                        + " or yaml",
                List.of("analyze", "-o", "yaml", error.toString()));
        calls.put(
                "istioctl analyze: an output format that is not log, json or yaml",
                List.of("analyze", "-o", "xml", good.toString()));
        calls.put(
                "istioctl analyze: messages below the failure threshold only",
                List.of("analyze", good.toString()));
        calls.put(
                "istioctl analyze: messages hidden by --output-threshold but at or above the"
                        + " failure threshold",
                List.of(
                        "analyze",
                        "--output-threshold=Error",
                        "--failure-threshold=Info",
                        good.toString()));
        calls.put(
                "istioctl analyze: every such message suppressed by --suppress CODE=RESOURCE or by"
                        + " the annotation galley.istio.io/analyze-suppress",
                List.of("analyze", silenced.toString()));
        calls.put("istioctl analyze -L: always", List.of("analyze", "-L"));
        calls.put("linkerd check: all checks pass", List.of("check"));
        calls.put("linkerd check: only warnings", List.of("check"));
        calls.put(
                "linkerd check: at least one check fails (a failed check that is no warning)",
                List.of("check", "NOWHERE"));
        calls.put(
                "linkerd viz stat: no traffic: 'No traffic found.' on standard error",
                List.of("stat", "-n", "empty"));
        calls.put(
                "linkerd viz edges: no edges: 'No edges found.' on standard error",
                List.of("edges", "-n", "empty"));
        JsonNode cases = cases("exit-codes.json").path("cases");
        List<String> wrong = new ArrayList<>();
        int right = 0;
        for (JsonNode each : cases) {
            String name =
                    each.path("tool").asString()
                            + " "
                            + each.path("command").asString()
                            + ": "
                            + each.path("when").asString();
            if (OTHER_CODES.containsKey(name)) {
                continue;
            }
            List<String> words = calls.get(name);
            assertThat(words).as(name).isNotNull();
            int code =
                    words.contains("NOWHERE")
                            ? RunningMesh.run(
                                            List.of("check", "--control-plane=http://127.0.0.1:1"))
                                    .code()
                            : weft(words).code();
            if (code == each.path("exitCode").asInt()) {
                right++;
            } else {
                wrong.add(name + ": " + code);
            }
        }
        System.out.printf(
                "cli exit codes: %d of %d, %d others on purpose%n",
                right, cases.size(), OTHER_CODES.size());
        OTHER_CODES.forEach((name, why) -> System.out.println("  other: " + name + ": " + why));
        assertThat(wrong).isEmpty();
        assertThat(right).isEqualTo(cases.size() - OTHER_CODES.size());
    }

    private static Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
