package io.weft.cli.shell;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has commands: alone it says which. */
public abstract class CommandGroup implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /** The command line that runs it. */
    protected final CommandLine line() {
        return spec.commandLine();
    }

    @Override
    public final void run() {
        List<String> names =
                spec.subcommands().entrySet().stream()
                        .filter(each -> each.getKey().equals(each.getValue().getCommandName()))
                        .map(Map.Entry::getKey)
                        .filter(name -> !name.equals("help"))
                        .toList();
        String choice =
                names.size() == 1
                        ? names.getFirst()
                        : String.join(", ", names.subList(0, names.size() - 1))
                                + " or "
                                + names.getLast();
        throw new ParameterException(line(), "no command given (expected: " + choice + ")");
    }
}
