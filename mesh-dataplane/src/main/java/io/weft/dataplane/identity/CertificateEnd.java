package io.weft.dataplane.identity;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.weft.engine.MeshClock;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Lets no connection serve on after the certificates with which it was made. When their time is
 * over {@link #EVENT} goes through the connection's pipeline, once: what serves HTTP there takes no
 * new request and closes when those under way have been answered. The side that sends requests ends
 * its connections earlier, so that none is lost.
 */
public final class CertificateEnd {

    /** Fired as a user event, on the event loop of the connection. */
    public static final Object EVENT =
            new Object() {
                @Override
                public String toString() {
                    return "certificate ended";
                }
            };

    /** How often the clock is looked at: it may jump. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private static final Duration LONGEST_MARGIN = Duration.ofMinutes(1);
    private static final int MARGIN_PART = 10;

    private final Channel channel;
    private final Instant end;
    private final MeshClock clock;

    private CertificateEnd(Channel channel, Instant end, MeshClock clock) {
        this.channel = channel;
        this.end = end;
        this.clock = clock;
    }

    /** For the side that answers: when the peer's certificate ends. Without one, never. */
    public static void ofPeer(Channel channel, SSLSession session, MeshClock clock) {
        try {
            X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
            new CertificateEnd(channel, leaf.getNotAfter().toInstant(), clock).next();
        } catch (SSLPeerUnverifiedException e) {
            // Nobody has shown one.
        }
    }

    /** For the side that asks: a while before the first of both certificates ends. */
    public static void ofEither(Channel channel, SSLSession session, MeshClock clock) {
        Instant end = Instant.MAX;
        try {
            end = early((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            // The own one counts.
        }
        Certificate[] own = session.getLocalCertificates();
        if (own != null && own.length > 0) {
            Instant ours = early((X509Certificate) own[0]);
            end = ours.isBefore(end) ? ours : end;
        }
        if (!end.equals(Instant.MAX)) {
            new CertificateEnd(channel, end, clock).next();
        }
    }

    private static Instant early(X509Certificate leaf) {
        Instant to = leaf.getNotAfter().toInstant();
        Duration part =
                Duration.between(leaf.getNotBefore().toInstant(), to).dividedBy(MARGIN_PART);
        return to.minus(part.compareTo(LONGEST_MARGIN) < 0 ? part : LONGEST_MARGIN);
    }

    private void next() {
        Duration left = Duration.between(clock.now(), end);
        Duration pause = left.compareTo(LOOK) < 0 ? left : LOOK;
        // A millisecond more, for the timer may be early by its rounding.
        Future<?> timer =
                channel.eventLoop()
                        .schedule(
                                this::look,
                                Math.max(pause.toMillis(), 0) + 1,
                                TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }

    private void look() {
        if (!channel.isActive()) {
            return;
        }
        if (clock.now().isBefore(end)) {
            next();
        } else {
            channel.pipeline().fireUserEventTriggered(EVENT);
        }
    }
}
