package io.weft.cli;

import io.weft.cli.shell.ColorOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.engine.MeshClock;
import io.weft.preview.test.PolicyTestRunner;
import io.weft.preview.test.TestReport;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the policy tests among files, as the control plane does before it takes a commit. */
@Command(
        name = "test",
        description = "Run the policy tests (kind PolicyTest) among files or folders, offline.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every test holds",
            "1:a test fails",
            "64:wrong call",
            "65:a file has errors, or there is no test"
        },
        footer = {"", "For example:", "  weft test mesh/", "  weft test --filter canary -o json"})
final class TestCommand implements Callable<Integer> {

    /** How results are printed. */
    enum Format {
        TABLE,
        JSON,
        JUNIT
    }

    @Parameters(
            paramLabel = "PATH",
            description = "Files or folders; none: mesh/ if there is one, else all below here.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            description = "table, json or junit (default: ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private Format format = Format.TABLE;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "TEXT",
            description = "Only tests with this in their names.")
    private String filter = "";

    @Mixin private final ColorOption color = new ColorOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> read = paths.isEmpty() ? List.of(usual()) : paths;
        CompiledPolicies policies =
                MeshCompiler.compile(PolicyFiles.read(read), CompilerOptions.DEFAULT);
        if (policies.hasErrors()) {
            PrintWriter err = spec.commandLine().getErr();
            policies.diagnostics().stream()
                    .filter(Diagnostic::isError)
                    .forEach(error -> err.println(error.format()));
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    "the files have errors: no test is run before they compile");
        }
        String wanted = filter.toLowerCase(Locale.ROOT);
        TestReport report =
                new PolicyTestRunner(policies, MeshClock.system())
                        .run(each -> each.name().toLowerCase(Locale.ROOT).contains(wanted));
        if (report.results().isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    String.join(", ", read)
                            + ": no policy test"
                            + (filter.isEmpty() ? "" : " whose name has '" + filter + "' in it")
                            + " (expected: resources of kind PolicyTest, see"
                            + " docs/policy-tests.md)");
        }
        new TestPrinter(spec.commandLine().getOut(), color.style()).print(format, report);
        return report.passed() ? ExitCodes.OK : ExitCodes.DIFFERENT;
    }

    private static String usual() {
        return Files.isDirectory(Path.of("mesh")) ? "mesh" : ".";
    }
}
