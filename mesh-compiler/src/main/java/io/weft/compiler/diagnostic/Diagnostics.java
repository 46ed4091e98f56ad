package io.weft.compiler.diagnostic;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects findings in the order in which they are made; equal ones count once. For one thread. */
public final class Diagnostics {

    private final Set<Diagnostic> found = new LinkedHashSet<>();

    /** Takes one finding. */
    public void add(Diagnostic diagnostic) {
        found.add(diagnostic);
    }

    /** What was found so far. */
    public List<Diagnostic> all() {
        return new ArrayList<>(found);
    }
}
