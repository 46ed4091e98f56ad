package io.weft.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.engine.RequestFacts;
import io.weft.engine.balance.Outcome;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small request of the proxy's own, on pooled connections like any other, with its answer in one
 * piece. Used on its event loop only.
 */
public final class BufferedCall implements UpstreamListener {

    /** What is kept of an answer's body. */
    private static final int MAX_ANSWER = 1 << 20;

    private final UpstreamPools pools;
    private final EventLoop loop;
    private final HttpRequest head;
    private final byte[] body;
    private final boolean http2;
    private final Consumer<Result> then;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream(0);
    private Target.@Nullable Pick pick;
    private UpstreamPools.@Nullable Pending pending;
    private @Nullable UpstreamStream stream;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable HttpResponse answer;
    private boolean triedAgain;
    private boolean over;

    /** How it ended. */
    public sealed interface Result {

        /** An answer, whatever its status. */
        record Answered(int status, HttpHeaders headers, byte[] body, HttpHeaders trailers)
                implements Result {}

        /** No whole answer. */
        record Failed(String reason, boolean timedOut) implements Result {}
    }

    private BufferedCall(
            UpstreamPools pools,
            EventLoop loop,
            HttpRequest head,
            byte[] body,
            boolean http2,
            Consumer<Result> then) {
        this.pools = pools;
        this.loop = loop;
        this.head = head;
        this.body = body;
        this.http2 = http2;
        this.then = then;
    }

    /**
     * Sends, and calls back once, on the loop, unless it is cancelled before.
     *
     * @param facts what the target balances by
     * @param timeout of the whole call
     */
    public static BufferedCall send(
            UpstreamPools pools,
            EventLoop loop,
            Target target,
            RequestFacts facts,
            HttpRequest head,
            byte[] body,
            boolean http2,
            Duration timeout,
            Consumer<Result> then) {
        BufferedCall call = new BufferedCall(pools, loop, head, body, http2, then);
        Target.Pick pick = target.pick(facts, List.of(), false);
        if (pick == null) {
            call.over = true;
            then.accept(new Result.Failed(target.unavailable(), false));
        } else {
            call.start(pick, timeout);
        }
        return call;
    }

    @Override
    public ProxyAnnouncement announcement() {
        return ProxyAnnouncement.OWN;
    }

    private void start(Target.Pick picked, Duration timeout) {
        pick = picked;
        timer = loop.schedule(() -> timedOut(timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
        acquire(picked, Reuse.ANY);
    }

    private void acquire(Target.Pick from, Reuse reuse) {
        pending = pools.acquire(loop, from.endpoint(), http2, reuse, this);
    }

    private void timedOut(Duration timeout) {
        if (!over) {
            giveUp();
            end(
                    Outcome.TIMEOUT,
                    new Result.Failed("no answer within " + timeout.toMillis() + " ms", true));
        }
    }

    /** Nobody wants the answer any more. */
    public void cancel() {
        if (!over) {
            giveUp();
            over = true;
            release(Outcome.CANCELLED);
        }
    }

    private void giveUp() {
        if (stream != null) {
            stream.cancel();
        } else if (pending != null) {
            pending.withdraw(this);
        }
    }

    private void end(Outcome outcome, Result result) {
        if (!over) {
            over = true;
            release(outcome);
            then.accept(result);
        }
    }

    private void release(Outcome outcome) {
        if (timer != null) {
            timer.cancel(false);
        }
        if (pick != null) {
            pick.complete(outcome, -1);
        }
    }

    @Override
    public void connected(UpstreamStream connected) {
        if (over) {
            connected.cancel();
            return;
        }
        stream = connected;
        connected.writeHead(head, body.length == 0);
        if (body.length > 0) {
            connected.write(new DefaultLastHttpContent(Unpooled.wrappedBuffer(body)));
        }
        connected.flush();
    }

    @Override
    public void informational(HttpResponse response) {}

    @Override
    public void head(HttpResponse response, boolean end) {
        if (over) {
            return;
        }
        answer = response;
        if (end) {
            answered(response, EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void content(HttpContent part) {
        ByteBuf bytes = part.content();
        if (received.size() + bytes.readableBytes() <= MAX_ANSWER) {
            received.writeBytes(ByteBufUtil.getBytes(bytes));
        } else if (!over) {
            giveUp();
            end(
                    Outcome.SERVER_ERROR,
                    new Result.Failed("an answer of more than " + MAX_ANSWER + " bytes", false));
        }
        HttpHeaders trailers =
                part instanceof LastHttpContent last ? last.trailingHeaders().copy() : null;
        part.release();
        HttpResponse begun = answer;
        if (trailers != null && begun != null && !over) {
            answered(begun, trailers);
        }
    }

    private void answered(HttpResponse response, HttpHeaders trailers) {
        int status = response.status().code();
        end(
                Outcome.ofStatus(status),
                new Result.Answered(status, response.headers(), received.toByteArray(), trailers));
    }

    @Override
    public void upgraded(HttpResponse response, Channel channel) {
        channel.close();
        end(Outcome.SERVER_ERROR, new Result.Failed("an answer of 101", false));
    }

    @Override
    public void readComplete() {}

    @Override
    public void writabilityChanged() {}

    @Override
    public void failed(UpstreamFailure failure) {
        if (over) {
            return;
        }
        stream = null;
        boolean stale =
                failure.reusedConnection()
                        && (failure.kind() == UpstreamFailure.Kind.CLOSED
                                || failure.kind() == UpstreamFailure.Kind.RESET
                                || failure.kind() == UpstreamFailure.Kind.REFUSED);
        Target.Pick from = pick;
        if (stale && !triedAgain && answer == null && from != null) {
            // The peer closed an idle connection just as it was used.
            triedAgain = true;
            acquire(from, Reuse.NONE);
            return;
        }
        end(
                switch (failure.kind()) {
                    case CONNECT, TLS -> Outcome.CONNECT_FAILURE;
                    case OVERFLOW -> Outcome.CANCELLED;
                    case REFUSED, CLOSED, RESET, PROTOCOL -> Outcome.RESET;
                },
                new Result.Failed(failure.reason(), false));
    }
}
