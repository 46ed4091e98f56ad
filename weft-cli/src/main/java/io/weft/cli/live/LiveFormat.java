package io.weft.cli.live;

/** How live traffic is printed. */
enum LiveFormat {
    /** Aligned columns for people. */
    TABLE,
    /** With more columns. */
    WIDE,
    JSON
}
