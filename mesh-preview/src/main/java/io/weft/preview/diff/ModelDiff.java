package io.weft.preview.diff;

import io.weft.compiler.diagnostic.Diagnostic;
import java.util.List;

/**
 * The whole difference between two configurations.
 *
 * @param changes by direction, then by place
 * @param found diagnostics that only the second one has
 * @param mended diagnostics that only the first one has
 */
public record ModelDiff(List<Change> changes, List<Diagnostic> found, List<Diagnostic> mended) {

    public ModelDiff {
        changes = List.copyOf(changes);
        found = List.copyOf(found);
        mended = List.copyOf(mended);
    }

    /** Whether both mean the same and are complained of alike. */
    public boolean isEmpty() {
        return changes.isEmpty() && found.isEmpty() && mended.isEmpty();
    }
}
