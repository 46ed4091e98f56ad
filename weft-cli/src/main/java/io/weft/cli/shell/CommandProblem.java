package io.weft.cli.shell;

/** Ends a command with one line for the person who called it. */
public final class CommandProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandProblem(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
