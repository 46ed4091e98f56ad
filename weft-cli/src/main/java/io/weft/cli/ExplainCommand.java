package io.weft.cli;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ColorOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.model.WorkloadId;
import io.weft.preview.Answer;
import io.weft.preview.Caller;
import io.weft.preview.ImaginedMesh;
import io.weft.preview.Preview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
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
import tools.jackson.databind.JsonNode;

/**
 * Says what becomes of a request, and which line of which file decides; runs the sidecar's own
 * code.
 */
@Command(
        name = "explain",
        description = {
            "Say what becomes of a request, and which line of which file decides.",
            "With PATHs, of these files; without, of what the control plane has in force."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:answered, whatever the answer is",
            "64:wrong call",
            "65:files, token or workload cannot be read or found",
            "69:the control plane cannot be reached"
        },
        footer = {
            "",
            "For example:",
            "  weft explain --from blog/blog-frontend --to blog-api.blog:8080 GET /api/v1/articles"
                    + " -H 'canary: true' mesh/",
            "  weft explain --from istio-system/istio-ingressgateway --gateway --to"
                    + " https://blog.example.com GET / mesh/"
        })
final class ExplainCommand implements Callable<Integer> {

    @Option(
            names = "--from",
            required = true,
            paramLabel = "NAMESPACE/WORKLOAD",
            description = "Who calls.")
    private String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "HOST:PORT",
            description = "What is called, as the caller writes it; https:// in front for HTTPS.")
    private String to = "";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header of the request; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--token",
            paramLabel = "FILE",
            description =
                    "A bearer token. With PATHs its signature and times count as good; the control"
                            + " plane verifies it.")
    private @Nullable Path token;

    @Option(
            names = "--service-account",
            description = "Of the caller, with PATHs (default: its Deployment's, else its name).")
    private String serviceAccount = "";

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description =
                    "Labels of the caller, with PATHs (default: its Deployment's, else"
                            + " app=WORKLOAD).")
    private Map<String, String> labels = new TreeMap<>();

    @Option(
            names = "--gateway",
            description =
                    "The caller is a gateway, with PATHs: HOST:PORT is what a client asks it for.")
    private boolean gateway;

    @Option(
            names = "--source-ip",
            paramLabel = "ADDRESS",
            description = "The client's address (default: 127.0.0.1).")
    private String sourceIp = "127.0.0.1";

    @Mixin private final OutputOption output = new OutputOption();

    @Mixin private final ColorOption color = new ColorOption();
    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Parameters(index = "0", paramLabel = "METHOD", description = "For example GET.")
    private String method = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "Path and query.")
    private String target = "";

    @Parameters(
            index = "2..*",
            paramLabel = "PATH",
            description = "Policies; none: ask the control plane.")
    private List<String> paths = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        WorkloadId caller = workload();
        Destination destination = Destination.parse(to);
        if (!target.startsWith("/") && !target.equals("*")) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "TARGET: " + target + " (expected: a path that begins with /, then PATHs)");
        }
        Explained explained =
                paths.isEmpty() ? online(caller, destination) : offline(caller, destination);
        if (output.isStructured()) {
            output.print(spec.commandLine().getOut(), explained.json());
        } else {
            new ExplanationReport(spec.commandLine().getOut(), color.style()).print(explained);
        }
        return ExitCodes.OK;
    }

    private WorkloadId workload() {
        String[] parts = from.split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "--from: "
                            + from
                            + " (expected: NAMESPACE/WORKLOAD, for example blog/blog-frontend)");
        }
        return new WorkloadId(parts[0], parts[1]);
    }

    private Explained offline(WorkloadId id, Destination destination) {
        CompiledPolicies policies =
                MeshCompiler.compile(PolicyFiles.read(paths), CompilerOptions.DEFAULT);
        policies.diagnostics().stream()
                .filter(Diagnostic::isError)
                .findFirst()
                .ifPresent(error -> {
                    throw new CommandProblem(
                            ExitCodes.BAD_DATA, error.format() + " (weft analyze lists all)");
                });
        try {
            Caller caller =
                    Caller.of(
                            id,
                            serviceAccount,
                            labels,
                            gateway,
                            policies.options().trustDomain(),
                            policies.workloads());
            Answer answer =
                    new Preview(new ImaginedMesh(policies), MeshClock.system())
                            .ask(caller, destination.toString(), request(destination));
            return explained(
                    destination,
                    caller.identity().principal(),
                    commit(),
                    paths.size() > 2
                            ? paths.size() + " files or folders"
                            : String.join(", ", paths),
                    answer);
        } catch (IllegalArgumentException e) {
            throw new CommandProblem(ExitCodes.BAD_DATA, String.valueOf(e.getMessage()));
        }
    }

    private Explained online(WorkloadId id, Destination destination) {
        ControlPlane client = controlPlane.reader();
        Answer answer =
                new ExplainQuestion(id, destination, method, target, sourceIp, allHeaders())
                        .ask(client);
        String commit = client.status().path("inForce").path("shortCommit").asString("");
        return explained(
                destination, identity(client, id), commit, client.url().toString(), answer);
    }

    /** The principal of a registered workload, empty when there is none. */
    private static String identity(ControlPlane client, WorkloadId workload) {
        for (JsonNode each : client.workloads()) {
            if (each.path("namespace").asString("").equals(workload.namespace())
                    && each.path("workload").asString("").equals(workload.name())) {
                return each.path("identity").asString("").replaceFirst("^spiffe://", "");
            }
        }
        return "";
    }

    private Explained explained(
            Destination destination, String identity, String commit, String source, Answer answer) {
        String url = destination.scheme() + "://" + destination.authority() + target;
        return new Explained(
                method + " " + url, allHeaders(), from, identity, commit, source, answer);
    }

    /** Of the repository in which the first path lies. */
    private String commit() {
        Path first = Path.of(paths.getFirst().equals("-") ? "." : paths.getFirst());
        return GitFolder.around(first).flatMap(git -> git.describe(paths)).orElse("");
    }

    private SampleRequest request(Destination destination) {
        SampleRequest.Builder builder =
                SampleRequest.http(method, target)
                        .scheme(destination.scheme())
                        .authority(destination.authority())
                        .destinationPort(destination.port());
        try {
            builder.sourceIp(sourceIp);
        } catch (IllegalArgumentException e) {
            throw new CommandProblem(
                    ExitCodes.USAGE, "--source-ip: " + sourceIp + " (expected: an IP address)");
        }
        allHeaders().forEach(header -> builder.header(header.getKey(), header.getValue()));
        Path file = token;
        if (file != null) {
            builder.token(TokenClaims.of(read(file)));
        }
        return builder.build();
    }

    private List<Map.Entry<String, String>> allHeaders() {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new CommandProblem(
                        ExitCodes.USAGE, "--header: " + header + " (expected: 'NAME: VALUE')");
            }
            all.add(
                    new SimpleImmutableEntry<>(
                            header.substring(0, colon).strip(),
                            header.substring(colon + 1).strip()));
        }
        Path file = token;
        if (file != null) {
            all.add(new SimpleImmutableEntry<>("authorization", "Bearer " + read(file)));
        }
        return all;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA, "--token: " + file + ": cannot be read: " + e.getMessage());
        }
    }
}
