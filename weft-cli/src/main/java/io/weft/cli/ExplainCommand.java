package io.weft.cli;

import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.engine.explain.ExplainInput;
import io.weft.engine.explain.Explainer;
import io.weft.engine.explain.Explanation;
import io.weft.model.SpiffeId;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * Says what becomes of a request, and which line of which file decides; runs the sidecar's own
 * code.
 */
@Command(
        name = "explain",
        description = "Say what becomes of a request, and which line of which file decides.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "For example:",
            "  weft explain --from blog/blog-frontend --to blog-api.blog:8080 GET /api/v1/articles -H 'canary: true' mesh/"
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
            description = "What is called, as the caller writes it.")
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
                    "A bearer token. Without the issuer's keys at hand its claims are taken as verified.")
    private @Nullable Path token;

    @Option(
            names = "--service-account",
            description = "Of the caller (default: its workload's name).")
    private String serviceAccount = "";

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "Labels of the caller, with files (default: app=WORKLOAD).")
    private Map<String, String> labels = new TreeMap<>();

    @Option(
            names = "--gateway",
            description =
                    "The caller is a gateway, with files: HOST:PORT is what a client asks it for.")
    private boolean gateway;

    @Option(
            names = {"-o", "--output"},
            description = "short or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "short")
    private TableFormat format = TableFormat.SHORT;

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
        Caller caller = Caller.parse(from, serviceAccount, labels, gateway);
        Destination destination = Destination.parse(to);
        ConfigLookup lookup =
                paths.isEmpty()
                        ? new ControlPlaneLookup(controlPlane.client())
                        : FileLookup.of(PolicyFiles.read(paths));
        SampleRequest request = request(destination);
        Explanation explanation = explain(lookup, caller, destination, request);
        if (format == TableFormat.JSON) {
            spec.commandLine().getOut().println(new MeshCodec().writePretty(explanation));
        } else {
            new ExplanationReport(spec.commandLine().getOut())
                    .print(
                            method + " " + target,
                            caller.identity(),
                            destination.toString(),
                            explanation);
        }
        return ExitCodes.OK;
    }

    /** First the caller's side alone, which tells whose side to ask next. */
    private static Explanation explain(
            ConfigLookup lookup, Caller caller, Destination destination, SampleRequest request) {
        Explainer explainer = new Explainer(MeshClock.system());
        ConfigLookup.Side client = lookup.client(caller, destination);
        SpiffeId identity = caller.identity();
        Explanation first =
                explainer.explain(
                        new ExplainInput(client.resources(), identity, Map.of(), 0, request));
        if (first.sent() == null) {
            return first;
        }
        String cluster = first.sent().destination();
        ConfigLookup.Side server = lookup.server(client.resources(), cluster);
        return explainer.explain(
                new ExplainInput(
                        client.resources(),
                        identity,
                        server.resources(),
                        server.port(),
                        request,
                        cluster));
    }

    private SampleRequest request(Destination destination) {
        SampleRequest.Builder builder =
                SampleRequest.http(method, target)
                        .authority(destination.toString())
                        .destinationPort(destination.port());
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new CommandProblem(
                        ExitCodes.USAGE, "--header: " + header + " (expected: 'NAME: VALUE')");
            }
            builder.header(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
        }
        Path file = token;
        if (file != null) {
            String text = read(file);
            builder.header("authorization", "Bearer " + text);
            VerifiedToken assumed = paths.isEmpty() ? null : TokenClaims.of(text);
            builder.token(assumed);
        }
        return builder.build();
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
