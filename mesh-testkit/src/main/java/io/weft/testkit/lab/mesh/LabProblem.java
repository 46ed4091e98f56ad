package io.weft.testkit.lab.mesh;

import java.util.List;

/**
 * Something wrong with what a lab was given, or asked: one line for each problem. What the lab
 * itself fails at is an {@link IllegalStateException}.
 */
public final class LabProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final List<String> lines;

    public LabProblem(List<String> lines) {
        super(String.join("\n", lines), null, false, false);
        this.lines = List.copyOf(lines);
    }

    public LabProblem(String line) {
        this(List.of(line));
    }

    /** What is wrong, each in one line. */
    public List<String> lines() {
        return lines;
    }
}
