package io.weft.cli;

/** How live traffic is printed. */
enum LiveFormat {
    /** Aligned columns for people. */
    TABLE,
    /** With more columns. */
    WIDE,
    JSON
}
