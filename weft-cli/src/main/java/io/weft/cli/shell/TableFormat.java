package io.weft.cli.shell;

/** How a table is printed. */
public enum TableFormat {
    /** Aligned columns for people. */
    SHORT,
    /** The same, as istioctl calls it. */
    TABLE,
    JSON,
    YAML
}
