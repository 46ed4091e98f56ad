package io.weft.blog.launcher;

/** Something that the person at the keyboard can mend; its message is the one line to show. */
public final class DemoProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A wrong call; sysexits' EX_USAGE. */
    public static final int USAGE = 64;

    /** Input that cannot be used; EX_DATAERR. */
    public static final int BAD_DATA = 65;

    /** Something is missing or in use; EX_UNAVAILABLE. */
    public static final int UNAVAILABLE = 69;

    /** A part did not start; EX_SOFTWARE. */
    public static final int FAILED = 70;

    private final int exitCode;

    public DemoProblem(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
