package io.weft.cli;

/** How an answer is printed. */
enum OutputFormat {
    /** Lines for people. */
    LOG,
    JSON,
    YAML
}
