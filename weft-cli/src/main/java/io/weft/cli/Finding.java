package io.weft.cli;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;

/**
 * A message of an analysis, from the compiler here or from the control plane.
 *
 * @param origin {@code Kind namespace/name}, empty for files that are not resources
 * @param reference {@code file:line}
 * @param unreadable whether the file could not be read as YAML
 */
record Finding(
        String code,
        Level level,
        String kind,
        String namespace,
        String name,
        String origin,
        String reference,
        String message,
        boolean unreadable) {

    static Finding of(Diagnostic d, boolean unreadable) {
        String field = d.fieldPath().isEmpty() ? "" : d.fieldPath() + ": ";
        String mend = d.mend().isEmpty() ? "" : " (mend: " + d.mend() + ")";
        String origin =
                d.kind().isEmpty()
                        ? ""
                        : d.kind()
                                + " "
                                + (d.namespace().isEmpty() ? "" : d.namespace() + "/")
                                + (d.name().isEmpty() ? "(no name)" : d.name());
        String column = d.kind().isEmpty() && d.column() > 0 ? ":" + d.column() : "";
        String reference = d.line() > 0 ? d.file() + ":" + d.line() + column : d.file();
        return new Finding(
                d.code().id(),
                d.level(),
                d.kind(),
                d.namespace(),
                d.name(),
                origin,
                reference,
                field + d.message() + mend,
                unreadable && d.isError());
    }

    String documentationUrl() {
        return "docs/diagnostics/" + code + ".md";
    }

    /** {@code Error [WFT0101] (VirtualService ns/name file.yaml:12) text}. */
    String line(String levelText) {
        return levelText
                + " ["
                + code
                + "] ("
                + (origin + " " + reference).strip()
                + ") "
                + message;
    }
}
