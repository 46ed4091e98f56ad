package io.weft.cli;

import io.weft.cli.shell.ColorOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.preview.diff.ConfigurationDiff;
import io.weft.preview.diff.ModelDiff;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells what changes for whom, in the compiled model. */
@Command(
        name = "diff",
        description = {
            "Tell what changes for which workload from one configuration to another: in what the"
                    + " policies compile to, not in their text.",
            "Each side is a file, a folder, or a Git revision of the repository around here."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no change",
            "1:something changes",
            "64:wrong call",
            "65:a side cannot be read, or does not compile"
        },
        footer = {
            "",
            "For example:",
            "  weft diff HEAD~1 HEAD",
            "  weft diff main my-branch mesh/",
            "  weft diff HEAD mesh/ -o json"
        })
final class DiffCommand implements Callable<Integer> {

    /** How it is printed. */
    enum Format {
        TEXT,
        JSON,
        YAML
    }

    @Parameters(index = "0", paramLabel = "REV1", description = "What was.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "REV2", description = "What is.")
    private String after = "";

    @Parameters(
            index = "2..*",
            paramLabel = "PATH",
            description =
                    "Of Git revisions, only these; none: mesh/ if there is one, else everything.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            description = "text, json or yaml (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    private Format format = Format.TEXT;

    @Mixin private final ColorOption color = new ColorOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        CompiledPolicies was = compile(before);
        CompiledPolicies is = compile(after);
        ModelDiff diff = ConfigurationDiff.between(was, is);
        new DiffPrinter(spec.commandLine().getOut(), color.style()).print(format, diff);
        return diff.isEmpty() ? ExitCodes.OK : ExitCodes.DIFFERENT;
    }

    /** A side that policy-service would refuse has no meaning that could be compared. */
    private CompiledPolicies compile(String side) {
        Revision revision = Revision.read(side, paths);
        CompiledPolicies policies = MeshCompiler.compile(revision.files(), CompilerOptions.DEFAULT);
        if (policies.hasErrors()) {
            PrintWriter err = spec.commandLine().getErr();
            policies.diagnostics().stream()
                    .filter(Diagnostic::isError)
                    .forEach(error -> err.println(error.format()));
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    side + ": has errors and would be refused (expected: policies that compile)");
        }
        return policies;
    }
}
