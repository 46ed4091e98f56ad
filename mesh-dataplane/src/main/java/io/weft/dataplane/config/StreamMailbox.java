package io.weft.dataplane.config;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens during one session, in order: the one thread of the source takes it from here. At
 * most one portion of the stream waits, since the next is asked for when one is done.
 */
final class StreamMailbox implements Flow.Subscriber<List<ByteBuffer>> {

    sealed interface Event {
        /** Bytes of the stream; call {@link StreamMailbox#more} when done with them. */
        record Bytes(List<ByteBuffer> buffers) implements Event {}

        /** The stream is over, or a call failed. */
        record Ended(String reason) implements Event {}

        /** Something to send is new; look what. */
        record Changed() implements Event {}
    }

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;

    void changed() {
        events.add(new Event.Changed());
    }

    void ended(String reason) {
        events.add(new Event.Ended(reason));
    }

    /** The next event, null when there was none for that long. */
    @Nullable Event take(Duration patience) throws InterruptedException {
        return events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    void more() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        started.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event.Bytes(buffers));
    }

    @Override
    public void onError(Throwable failure) {
        ended("stream broken: " + failure.getMessage());
    }

    @Override
    public void onComplete() {
        ended("stream ended by the control plane");
    }
}
