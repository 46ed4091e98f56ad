package io.weft.dataplane.config;

import io.weft.model.wire.TrafficReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends a report each second while there is something to tell, one at a time: a control plane that
 * is slow gets fewer and larger ones. A report that is lost is lost. For the thread of the source.
 */
final class ReportSchedule {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Somebody is watching. */
    private static final Duration TAPPED_INTERVAL = Duration.ofMillis(250);

    private final Reporter reporter;
    private final ControlPlaneCalls calls;
    private Duration interval = INTERVAL;
    private long last = System.nanoTime();
    private @Nullable TrafficReport underWay;
    private CompletableFuture<Boolean> answer = CompletableFuture.completedFuture(true);

    ReportSchedule(Reporter reporter, ControlPlaneCalls calls) {
        this.reporter = reporter;
        this.calls = calls;
        reporter.forgotten();
    }

    void tapped(boolean open) {
        interval = open ? TAPPED_INTERVAL : INTERVAL;
    }

    /** How long there is nothing to do. */
    Duration patience() {
        Duration left = interval.minusNanos(System.nanoTime() - last);
        return left.isNegative() ? Duration.ZERO : left;
    }

    void sendIfDue() {
        if (patience().isPositive()) {
            return;
        }
        long now = System.nanoTime();
        if (!answer.isDone()) {
            last = now - interval.toNanos() / 2;
            return;
        }
        settle();
        TrafficReport report = reporter.report(Duration.ofNanos(now - last).toMillis());
        last = now;
        if (hasNews(report)) {
            underWay = report;
            answer = calls.report(report);
        }
    }

    private static boolean hasNews(TrafficReport report) {
        return !report.edges().isEmpty()
                || !report.fates().isEmpty()
                || report.dropped() > 0
                || report.state() != null;
    }

    private void settle() {
        TrafficReport sent = underWay;
        underWay = null;
        if (sent != null) {
            if (answer.join()) {
                reporter.taken(sent);
            } else {
                reporter.forgotten();
            }
        }
    }
}
