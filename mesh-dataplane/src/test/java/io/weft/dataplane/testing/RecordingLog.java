package io.weft.dataplane.testing;

import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeView;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what tests ask of each end of an exchange. */
public final class RecordingLog implements ExchangeLog {

    /** An end of an exchange. */
    public record Line(
            boolean http,
            String method,
            String path,
            int status,
            int grpcStatus,
            String flags,
            String details,
            String failure,
            String decidedBy,
            String cluster,
            String peer,
            int attempts,
            long received,
            long sent,
            String destination,
            long requestMessages,
            long responseMessages) {}

    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    @Override
    public void finished(ExchangeView x) {
        lines.add(
                new Line(
                        x.http(),
                        x.method(),
                        x.path(),
                        x.status(),
                        x.grpcStatus(),
                        x.responseFlags(),
                        x.responseCodeDetails(),
                        x.upstreamFailure(),
                        x.decidedBy() == null ? "" : x.decidedBy().describe(),
                        x.upstreamCluster(),
                        x.peer() == null ? "" : x.peer().uri(),
                        x.attempts(),
                        x.bytesReceived(),
                        x.bytesSent(),
                        x.destination().service(),
                        x.requestMessages(),
                        x.responseMessages()));
    }

    @Override
    public void opened(ExchangeView connection) {}

    @Override
    public void count(Counted what, String name, String result) {
        counts.merge(what + " " + name + " " + result, 1, Integer::sum);
    }

    /** How often something was counted, by {@code WHAT name result}. */
    public Map<String, Integer> counts() {
        return counts;
    }

    public List<Line> lines() {
        return lines;
    }

    /** The last line, once there are so many. */
    public Line await(int count) {
        Await.until("log lines", () -> lines.size() >= count);
        return lines.get(count - 1);
    }
}
