package io.weft.policy.control;

import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.policy.stream.LineSink;

/** Sends what is due, one line at a time to each session. For the control thread. */
final class Pusher {

    private final ControlThread control;
    private final ControlMetrics metrics;
    private final MeshCodec codec = new MeshCodec();

    Pusher(ControlThread control, ControlMetrics metrics) {
        this.control = control;
        this.metrics = metrics;
    }

    void push(Session session) {
        Session.Outgoing outgoing = session.next();
        if (outgoing != null) {
            byte[] line = codec.write(outgoing.delta());
            metrics.sent(line.length);
            write(session, outgoing.lines(), line);
        }
    }

    void heartbeat(Session session) {
        LineSink lines = session.lines();
        if (lines != null) {
            metrics.heartbeat();
            String revision = Revisions.textOrEmpty(session.wantedRevision());
            write(session, lines, codec.write(new StreamMessage.Heartbeat(revision)));
        }
    }

    /** When the line has left, what has become due meanwhile follows, as one delta. */
    private void write(Session session, LineSink lines, byte[] line) {
        lines.write(line)
                .whenComplete((done, failure) ->
                        control.run(() -> {
                            session.written(lines);
                            push(session);
                        }));
    }
}
