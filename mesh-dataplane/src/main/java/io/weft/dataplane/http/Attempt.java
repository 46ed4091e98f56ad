package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.upstream.ProxyAnnouncement;
import io.weft.dataplane.upstream.Reuse;
import io.weft.dataplane.upstream.Target;
import io.weft.dataplane.upstream.UpstreamFailure;
import io.weft.dataplane.upstream.UpstreamListener;
import io.weft.dataplane.upstream.UpstreamPools;
import io.weft.dataplane.upstream.UpstreamStream;
import io.weft.engine.balance.Outcome;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** One try at one endpoint. Used on its event loop only. */
final class Attempt implements UpstreamListener {

    private static final long MAX_DISCARDED = 64 << 10;

    private final RetryLoop loop;
    private final Target.Pick pick;
    private final boolean http2;
    private final long startedAt = System.nanoTime();
    private UpstreamPools.@Nullable Pending pending;
    private @Nullable UpstreamStream stream;
    private @Nullable ScheduledFuture<?> perTry;
    private long headNanos = -1;
    private boolean discarding;
    private boolean over;
    private long discarded;

    Attempt(RetryLoop loop, Target.Pick pick, boolean http2) {
        this.loop = loop;
        this.pick = pick;
        this.http2 = http2;
    }

    void start(Exchange exchange, Reuse reuse) {
        pending =
                exchange.services()
                        .pools()
                        .acquire(
                                exchange.downstream().eventLoop(),
                                pick.endpoint(),
                                http2,
                                reuse,
                                this);
    }

    Target.Pick pick() {
        return pick;
    }

    boolean http2() {
        return http2;
    }

    @Nullable UpstreamStream stream() {
        return stream;
    }

    long headNanos() {
        return headNanos;
    }

    /** Whether any of the request may have been sent. */
    boolean requestStarted() {
        return stream != null;
    }

    void perTryTimer(ScheduledFuture<?> timer) {
        perTry = timer;
    }

    /** Ends the try, whatever state it is in; the loop hears nothing more of it. */
    void end(Outcome outcome) {
        if (over) {
            return;
        }
        over = true;
        stopTimer();
        pick.complete(outcome, headNanos);
        if (stream != null) {
            stream.cancel();
        } else if (pending != null) {
            pending.withdraw(this);
        }
    }

    /** Ends the try but lets its answer run out, so that the connection can be used again. */
    void discard(Outcome outcome, boolean requestSent, boolean answerEnded) {
        if (!requestSent && !answerEnded) {
            end(outcome);
            return;
        }
        discarding = true;
        over = true;
        stopTimer();
        pick.complete(outcome, headNanos);
    }

    private void finished(Outcome outcome) {
        if (!over) {
            over = true;
            stopTimer();
            pick.complete(outcome, headNanos);
        }
    }

    private void stopTimer() {
        if (perTry != null) {
            perTry.cancel(false);
            perTry = null;
        }
    }

    @Override
    public ProxyAnnouncement announcement() {
        return loop.exchange().connection().announcement();
    }

    @Override
    public void connected(UpstreamStream connected) {
        stream = connected;
        if (over) {
            connected.cancel();
            return;
        }
        loop.connected(this, connected);
    }

    @Override
    public void informational(HttpResponse head) {
        if (!over) {
            loop.informational(head);
        }
    }

    @Override
    public void head(HttpResponse head, boolean end) {
        if (over) {
            return;
        }
        headNanos = System.nanoTime() - startedAt;
        stopTimer();
        loop.head(this, head, end);
    }

    @Override
    public void content(HttpContent part) {
        if (discarding) {
            discarded += part.content().readableBytes();
            boolean last = part instanceof LastHttpContent;
            part.release();
            if (!last && discarded > MAX_DISCARDED && stream != null) {
                stream.cancel();
            }
            return;
        }
        if (over) {
            part.release();
            return;
        }
        loop.content(this, part);
    }

    /** The answer is whole. */
    void complete(Outcome outcome) {
        finished(outcome);
    }

    @Override
    public void upgraded(HttpResponse head, Channel channel) {
        if (over) {
            channel.close();
            return;
        }
        finished(Outcome.SUCCESS);
        loop.upgraded(head, channel);
    }

    @Override
    public void readComplete() {
        if (!over || !discarding) {
            loop.readComplete();
        }
    }

    @Override
    public void writabilityChanged() {
        if (!over) {
            loop.upstreamWritability();
        }
    }

    @Override
    public void failed(UpstreamFailure failure) {
        if (over) {
            return;
        }
        if (loop.resent(this, failure)) {
            over = true; // The next attempt has taken the pick over: nothing failed there.
            stopTimer();
            return;
        }
        finished(
                switch (failure.kind()) {
                    case CONNECT, TLS -> Outcome.CONNECT_FAILURE;
                    case OVERFLOW -> Outcome.CANCELLED;
                    case REFUSED, CLOSED, RESET, PROTOCOL -> Outcome.RESET;
                });
        loop.failed(this, failure);
    }
}
