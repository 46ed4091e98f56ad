package io.weft.compiler.diagnostic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects findings in the order in which they are made; equal ones count once, and of one file
 * only so many, the rest being told as one. For one thread.
 */
public final class Diagnostics {

    /** Findings of one file; nobody reads more, and a hostile file could make millions. */
    public static final int MAX_OF_FILE = 1_000;

    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private final Map<String, Integer> perFile = new HashMap<>();

    /** Takes one finding. */
    public void add(Diagnostic diagnostic) {
        int before = perFile.getOrDefault(diagnostic.file(), 0);
        if (before >= MAX_OF_FILE) {
            // Of its own level, so that an error among the rest still refuses the commit.
            found.add(more(diagnostic));
        } else if (found.add(diagnostic)) {
            perFile.put(diagnostic.file(), before + 1);
        }
    }

    private static Diagnostic more(Diagnostic unlisted) {
        return new Diagnostic(
                Code.MORE,
                unlisted.level(),
                "",
                "",
                "",
                "",
                unlisted.file(),
                0,
                0,
                "",
                "more than " + MAX_OF_FILE + " findings: those after them are not listed",
                "mend the first ones");
    }

    /** What was found so far. */
    public List<Diagnostic> all() {
        return new ArrayList<>(found);
    }
}
