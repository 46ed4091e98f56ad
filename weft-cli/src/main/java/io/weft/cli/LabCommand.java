package io.weft.cli;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Stands in the list of commands. The lab is a program of its own, which {@code ./weft} starts
 * instead of this one.
 */
@Command(
        name = "lab",
        description = "Run a whole mesh on loopback to try policies in (./weft lab --help).")
final class LabCommand implements Runnable {

    @Parameters(hidden = true)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private List<String> arguments;

    @Override
    public void run() {
        throw new CommandProblem(
                ExitCodes.USAGE,
                "lab: starts from a checkout only (expected: ./weft lab "
                        + String.join(" ", arguments == null ? List.of() : arguments)
                        + ")");
    }
}
