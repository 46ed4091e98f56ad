package io.weft.compiler.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what passed, what failed and what was left out, and says so in few lines. */
public final class Score {

    private final String set;
    private final Map<String, int[]> byGroup = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();

    public Score(String set) {
        this.set = set;
    }

    public void check(String group, boolean passed, String what) {
        int[] counts = byGroup.computeIfAbsent(group, g -> new int[2]);
        counts[1]++;
        if (passed) {
            counts[0]++;
        } else {
            failures.add(group + ": " + what);
        }
    }

    /** Counts something that cannot be decided here. */
    public void leaveOut(String why) {
        leftOut.merge(why, 1, Integer::sum);
    }

    public List<String> failures() {
        return failures;
    }

    public String report() {
        StringBuilder text = new StringBuilder(set).append('\n');
        int passed = 0;
        int all = 0;
        for (Map.Entry<String, int[]> group : byGroup.entrySet()) {
            int[] counts = group.getValue();
            passed += counts[0];
            all += counts[1];
            text.append("  %-28s %4d of %4d%n".formatted(group.getKey(), counts[0], counts[1]));
        }
        text.append("  %-28s %4d of %4d%n".formatted("all", passed, all));
        leftOut.forEach((why, count) -> text.append("  left out %4d: %s%n".formatted(count, why)));
        failures.forEach(failure -> text.append("  FAILED ").append(failure).append('\n'));
        return text.toString();
    }
}
