package io.weft.cli;

/** How a table is printed. */
enum TableFormat {
    /** Aligned columns for people. */
    SHORT,
    JSON
}
