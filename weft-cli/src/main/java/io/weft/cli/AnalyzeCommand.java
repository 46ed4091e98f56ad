package io.weft.cli;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputFormat;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.DiagnosticCode;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.diagnostic.Level;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks policies as the control plane would before it takes them, with istioctl's options. */
@Command(
        name = "analyze",
        description =
                "Check policies before they are committed: files, folders, or what the control plane has.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing at or above the failure threshold",
            "64:wrong call",
            "65:a file cannot be read as YAML",
            "69:the control plane cannot be reached",
            "79:a message reached the failure threshold (format log only)"
        })
final class AnalyzeCommand implements Callable<Integer> {

    /** Codes below this one are about files that cannot be read at all. */
    private static final String FIRST_FIELD_CODE = "WFT0007";

    @Parameters(
            paramLabel = "PATH",
            description = "Files or folders; '-' is standard input; none: ask the control plane.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            description = "log, json or yaml (default: ${DEFAULT-VALUE}).",
            defaultValue = "log")
    private OutputFormat format = OutputFormat.LOG;

    @Option(
            names = "--failure-threshold",
            description = "Fail at this level: Info, Warning or Error (default: ${DEFAULT-VALUE}).",
            defaultValue = "Error")
    private Level failureThreshold = Level.ERROR;

    @Option(
            names = "--output-threshold",
            description =
                    "Show from this level: Info, Warning or Error (default: ${DEFAULT-VALUE}).",
            defaultValue = "Info")
    private Level outputThreshold = Level.INFO;

    @Option(
            names = {"-S", "--suppress"},
            paramLabel = "CODE=KIND NAME.NAMESPACE",
            description = "Leave out a code for a resource; * stands for anything.")
    private List<Suppression> suppressions = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            description = "Namespace of resources that name none (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    private String namespace = "default";

    @Option(
            names = {"-i", "--istioNamespace"},
            description =
                    "Root namespace, whose policies hold for all (default: ${DEFAULT-VALUE}).",
            defaultValue = "istio-system")
    private String rootNamespace = "istio-system";

    @Option(
            names = {"-A", "--all-namespaces"},
            description =
                    "Of the control plane's resources, all namespaces (files are always taken whole).")
    private boolean allNamespaces;

    @Option(
            names = {"-L", "--list-analyzers"},
            description = "List what is looked for, and leave.")
    private boolean list;

    @Option(
            names = "--use-kube",
            negatable = true,
            hidden = true,
            defaultValue = "true",
            fallbackValue = "true")
    private boolean useKube;

    @Option(
            names = {"-R", "--recursive"},
            hidden = true,
            description = "Accepted; folders are always read with all below them.")
    private boolean recursive;

    @Option(
            names = "--color",
            description = "Colours: true, false (default: on a terminal).",
            arity = "0..1",
            fallbackValue = "true")
    private Boolean color = System.console() != null && System.console().isTerminal();

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Stream.<DiagnosticCode>concat(
                            Arrays.stream(Code.values()), Arrays.stream(IstioCode.values()))
                    .forEach(code -> out.println(code.id() + "  " + code.title()));
            return ExitCodes.OK;
        }
        List<Finding> findings =
                (paths.isEmpty() ? Finding.of(controlPlane.reader()) : compile())
                        .stream().filter(this::isAskedFor).toList();
        List<Finding> shown = findings.stream().filter(this::isShown).toList();
        new AnalysisReport(out, color).print(format, shown, subject());
        if (format != OutputFormat.LOG) {
            return ExitCodes.OK;
        }
        if (findings.stream().anyMatch(Finding::unreadable)) {
            return ExitCodes.BAD_DATA;
        }
        return findings.stream().anyMatch(f -> f.level().compareTo(failureThreshold) <= 0)
                ? ExitCodes.ANALYSIS_FOUND
                : ExitCodes.OK;
    }

    private List<Finding> compile() {
        List<SourceFile> files = PolicyFiles.read(paths);
        CompilerOptions options =
                new CompilerOptions(
                        CompilerOptions.DEFAULT.trustDomain(),
                        rootNamespace,
                        namespace,
                        CompilerOptions.DEFAULT.allowByDefault());
        return MeshCompiler.analyze(files, options, List.of()).diagnostics().stream()
                .map(AnalyzeCommand::finding)
                .toList();
    }

    private static Finding finding(Diagnostic diagnostic) {
        return Finding.of(
                diagnostic,
                diagnostic.code() instanceof Code code
                        && code.id().compareTo(FIRST_FIELD_CODE) < 0);
    }

    private boolean isAskedFor(Finding finding) {
        boolean here =
                !paths.isEmpty()
                        || allNamespaces
                        || namespace.equals("default")
                        || finding.namespace().equals(namespace);
        return here && suppressions.stream().noneMatch(s -> s.covers(finding));
    }

    private boolean isShown(Finding finding) {
        return finding.level().compareTo(outputThreshold) <= 0;
    }

    private String subject() {
        if (paths.isEmpty()) {
            return allNamespaces || namespace.equals("default")
                    ? "all namespaces"
                    : "namespace: " + namespace;
        }
        return String.join(
                ", ",
                paths.stream().map(p -> p.equals("-") ? "stdin" : Path.of(p).toString()).toList());
    }
}
