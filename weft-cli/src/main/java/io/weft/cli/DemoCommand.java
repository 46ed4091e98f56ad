package io.weft.cli;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Stands in the list of commands. The demo is a program of its own, which {@code ./weft} starts
 * instead of this one.
 */
@Command(
        name = "demo",
        description = "Run the blog behind the mesh on this machine (./weft demo --help).")
final class DemoCommand implements Runnable {

    @Parameters(hidden = true)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private List<String> arguments;

    @Override
    public void run() {
        throw new CommandProblem(
                ExitCodes.USAGE,
                "demo: starts from a checkout only (expected: ./weft demo "
                        + String.join(" ", arguments == null ? List.of() : arguments)
                        + ")");
    }
}
