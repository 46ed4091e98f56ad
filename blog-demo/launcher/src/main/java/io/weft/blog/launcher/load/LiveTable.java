package io.weft.blog.launcher.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Draws the traffic: in place on a terminal, as a few plain lines now and then elsewhere. */
public final class LiveTable {

    private static final String FORMAT = "%-24s %-16s %-8s %9s %7s %7s %8s";

    private final PrintStream out;
    private final boolean terminal;
    private final Map<String, Long> last = new HashMap<>();
    private long lastNanos;
    private int drawn;

    public LiveTable(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Draws one picture. */
    public void draw(List<TrafficRow> rows, long nowNanos) {
        double seconds = lastNanos == 0 ? 0 : (nowNanos - lastNanos) / 1e9;
        lastNanos = nowNanos;
        List<String> lines = new ArrayList<>();
        lines.add(
                FORMAT.formatted("FROM", "TO", "VERSION", "REQUESTS", "SHARE", "REQ/S", "5XX")
                        .stripTrailing());
        for (TrafficRow row : rows) {
            lines.add(line(row, seconds));
        }
        print(lines);
    }

    private String line(TrafficRow row, double seconds) {
        String key = row.from() + " " + row.to() + " " + row.version();
        Long before = last.put(key, row.requests());
        String rate =
                before == null || seconds == 0
                        ? "-"
                        : "%.1f".formatted((row.requests() - before) / seconds);
        return FORMAT.formatted(
                row.from(),
                row.to(),
                row.version(),
                row.requests(),
                "%.0f %%".formatted(100 * row.share()),
                rate,
                row.failed());
    }

    private void print(List<String> lines) {
        if (terminal && drawn > 0) {
            out.print("\u001b[" + drawn + "A");
        }
        for (String line : lines) {
            out.println(terminal ? line + "\u001b[K" : line);
        }
        if (terminal) {
            out.print("\u001b[J");
        } else {
            out.println();
        }
        out.flush();
        drawn = lines.size();
    }
}
