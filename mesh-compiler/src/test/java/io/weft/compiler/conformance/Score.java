package io.weft.compiler.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the cases of a set, and tells which are left out and why. */
public final class Score {

    private final String name;
    private final List<String> failed = new ArrayList<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private int passed;

    public Score(String name) {
        this.name = name;
    }

    public void record(String testCase, boolean pass, String detail) {
        if (pass) {
            passed++;
        } else {
            failed.add(testCase + ": " + detail);
        }
    }

    public void leaveOut(String why) {
        leftOut.merge(why, 1, Integer::sum);
    }

    public int passed() {
        return passed;
    }

    /** Prints the score, and fails when it is less than what has been reached before. */
    public void atLeast(int floor) {
        int asked = passed + failed.size();
        StringBuilder text = new StringBuilder();
        text.append("conformance ").append(name).append(": ").append(passed).append(" of ");
        text.append(asked).append(" cases pass");
        leftOut.forEach(
                (why, n) -> text.append("\n  left out: ").append(n).append(": ").append(why));
        failed.forEach(f -> text.append("\n  not met: ").append(f));
        System.out.println(text);
        assertThat(passed).as(text.toString()).isGreaterThanOrEqualTo(floor);
    }
}
