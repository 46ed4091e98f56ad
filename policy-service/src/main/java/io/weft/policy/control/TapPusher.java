package io.weft.policy.control;

import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.model.wire.Tap;
import io.weft.policy.stream.LineSink;
import io.weft.policy.traffic.OpenTap;
import java.util.Collection;
import java.util.List;

/** Tells each sidecar which taps are open at it. For the control thread. */
final class TapPusher {

    private final MeshCodec codec = new MeshCodec();
    private List<OpenTap> open = List.of();

    /** Other taps are open now. */
    void update(List<OpenTap> taps, Collection<Session> sessions) {
        open = List.copyOf(taps);
        sessions.forEach(this::tell);
    }

    /** A stream was opened: whoever listens there knows of no tap. */
    void opened(Session session) {
        session.tapped(List.of());
        tell(session);
    }

    /** A line of a tap is short and rare, so it does not wait for the delta under way. */
    private void tell(Session session) {
        LineSink lines = session.lines();
        if (lines == null) {
            return;
        }
        List<Tap> concerned =
                open.stream()
                        .filter(each -> each.target().includes(session.registration()))
                        .map(OpenTap::tap)
                        .toList();
        if (!concerned.equals(session.taps())) {
            session.tapped(concerned);
            lines.write(codec.write(new StreamMessage.Taps(concerned)));
        }
    }
}
