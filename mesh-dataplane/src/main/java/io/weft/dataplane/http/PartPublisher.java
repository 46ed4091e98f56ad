package io.weft.dataplane.http;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.upstream.PartSink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A body that is pushed in on an event loop and handed out as its subscriber asks, from any thread
 * (Reactive Streams). One subscriber.
 */
final class PartPublisher implements Flow.Publisher<HttpContent>, Flow.Subscription, PartSink {

    private static final int MAX_WAITING = 16;

    private final EventLoop loop;
    private final Runnable onDemand;
    private final Runnable onCancel;
    private final Deque<HttpContent> waiting = new ArrayDeque<>();
    private Flow.@Nullable Subscriber<? super HttpContent> subscriber;
    private @Nullable Throwable failure;
    private long demand;
    private boolean done;
    private boolean handing;

    /**
     * @param onDemand called on the loop when more parts are wanted
     * @param onCancel called on the loop when no more are
     */
    PartPublisher(EventLoop loop, Runnable onDemand, Runnable onCancel) {
        this.loop = loop;
        this.onDemand = onDemand;
        this.onCancel = onCancel;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super HttpContent> newSubscriber) {
        onLoop(() -> {
            if (subscriber != null) {
                newSubscriber.onSubscribe(new NoSubscription());
                newSubscriber.onError(new IllegalStateException("body: already subscribed to"));
                return;
            }
            subscriber = newSubscriber;
            newSubscriber.onSubscribe(this);
            handOut();
        });
    }

    @Override
    public void request(long count) {
        onLoop(() -> {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            handOut();
            if (!done && writable()) {
                onDemand.run();
            }
        });
    }

    @Override
    public void cancel() {
        onLoop(() -> {
            if (!done) {
                done = true;
                drop();
                onCancel.run();
            }
        });
    }

    @Override
    public void write(HttpContent part) {
        if (done) {
            part.release();
            return;
        }
        waiting.add(part);
        handOut();
    }

    @Override
    public boolean writable() {
        return waiting.size() < MAX_WAITING;
    }

    /** No more parts will come, and those that came are not all. */
    void fail(Throwable cause) {
        if (done) {
            return;
        }
        failure = cause;
        handOut();
    }

    private void handOut() {
        Flow.Subscriber<? super HttpContent> to = subscriber;
        if (to == null || handing) {
            return;
        }
        handing = true;
        while (!done && demand > 0 && !waiting.isEmpty()) {
            HttpContent part = waiting.removeFirst();
            demand--;
            boolean last = part instanceof LastHttpContent;
            to.onNext(part);
            if (last && !done) {
                done = true;
                to.onComplete();
            }
        }
        handing = false;
        Throwable cause = failure;
        if (cause != null && !done && waiting.isEmpty()) {
            done = true;
            to.onError(cause);
        }
    }

    private void drop() {
        waiting.forEach(HttpContent::release);
        waiting.clear();
    }

    private void onLoop(Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }

    private static final class NoSubscription implements Flow.Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }
}
