package io.weft.dataplane.testing;

import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeView;

import java.util.List;
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
            String destination) {}

    private final List<Line> lines = new CopyOnWriteArrayList<>();

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
                        x.destination().service()));
    }

    @Override
    public void opened(ExchangeView connection) {}

    public List<Line> lines() {
        return lines;
    }

    /** The last line, once there are so many. */
    public Line await(int count) {
        Await.until("log lines", () -> lines.size() >= count);
        return lines.get(count - 1);
    }
}
