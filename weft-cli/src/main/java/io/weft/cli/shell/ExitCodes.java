package io.weft.cli.shell;

/** Exit codes, as istioctl's users and sysexits.h know them. */
public final class ExitCodes {

    public static final int OK = 0;

    /** A test fails, or two configurations differ. */
    public static final int DIFFERENT = 1;

    /** A wrong call. */
    public static final int USAGE = 64;

    /** Input that cannot be read. */
    public static final int BAD_DATA = 65;

    /** The control plane cannot be reached. */
    public static final int UNAVAILABLE = 69;

    /** Analysis found a message at or above the threshold. */
    public static final int ANALYSIS_FOUND = 79;

    private ExitCodes() {}
}
