package io.weft.policy.api;

import io.weft.compiler.diagnostic.Diagnostic;
import java.util.List;

/** A diagnostic, for people; {@code text} is its whole in one line. */
record DiagnosticView(
        String code,
        String level,
        String kind,
        String namespace,
        String name,
        String field,
        String file,
        int line,
        int column,
        String message,
        String mend,
        String text) {

    static DiagnosticView of(Diagnostic diagnostic) {
        return new DiagnosticView(
                diagnostic.code().id(),
                diagnostic.level().title(),
                diagnostic.kind(),
                diagnostic.namespace(),
                diagnostic.name(),
                diagnostic.fieldPath(),
                diagnostic.file(),
                diagnostic.line(),
                diagnostic.column(),
                diagnostic.message(),
                diagnostic.mend(),
                diagnostic.format());
    }

    static List<DiagnosticView> of(List<Diagnostic> diagnostics) {
        return diagnostics.stream().map(DiagnosticView::of).toList();
    }
}
