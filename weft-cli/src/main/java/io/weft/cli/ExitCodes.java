package io.weft.cli;

/** Exit codes, as istioctl's users and sysexits.h know them. */
final class ExitCodes {

    static final int OK = 0;

    /** A test fails, or two configurations differ. */
    static final int DIFFERENT = 1;

    /** A wrong call. */
    static final int USAGE = 64;

    /** Input that cannot be read. */
    static final int BAD_DATA = 65;

    /** The control plane cannot be reached. */
    static final int UNAVAILABLE = 69;

    /** Analysis found a message at or above the threshold. */
    static final int ANALYSIS_FOUND = 79;

    private ExitCodes() {}
}
