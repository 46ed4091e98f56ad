package io.weft.cli;

import io.weft.cli.control.ControlPlane;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

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

    /**
     * What a control plane has to say of its policies: of the refused commit when the newest one
     * was refused.
     */
    static List<Finding> of(ControlPlane control) {
        JsonNode both = control.get("/api/v1/diagnostics");
        JsonNode refused = both.path("refused");
        List<Finding> found = new ArrayList<>();
        for (JsonNode each : refused.isEmpty() ? both.path("inForce") : refused) {
            found.add(of(each));
        }
        return found;
    }

    private static Finding of(JsonNode each) {
        String kind = each.path("kind").asString("");
        String namespace = each.path("namespace").asString("");
        String name = each.path("name").asString("");
        int line = each.path("line").asInt(0);
        String field = each.path("field").asString("");
        String mend = each.path("mend").asString("");
        return new Finding(
                each.path("code").asString(""),
                Level.valueOf(each.path("level").asString("INFO").toUpperCase(Locale.ROOT)),
                kind,
                namespace,
                name,
                kind.isEmpty()
                        ? ""
                        : kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name,
                each.path("file").asString("")
                        + (line > 0 ? ":" + line : "")
                        + (line > 0 && kind.isEmpty() ? ":" + each.path("column").asInt(1) : ""),
                (field.isEmpty() ? "" : field + ": ")
                        + each.path("message").asString("")
                        + (mend.isEmpty() ? "" : " (mend: " + mend + ")"),
                false);
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
