package io.weft.cli.shell;

/** How an answer is printed. */
public enum OutputFormat {
    /** Lines for people. */
    LOG,
    JSON,
    YAML
}
