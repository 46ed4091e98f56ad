package io.weft.cli;

/** Ends a command with one line for the person who called it. */
final class CommandProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandProblem(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
