package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.telemetry.GrpcMessageCounter;
import io.weft.dataplane.upstream.PartSink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request between its producer and the attempts that send it: streamed with
 * back-pressure, and kept up to a bound so that it can be sent again. Used on its event loop only.
 */
public final class RequestBody {

    private final FlowControl producer;
    private final int bound;
    private @Nullable Deque<HttpContent> waiting;
    private List<HttpContent> kept = List.of();
    private @Nullable Tee tee;
    private @Nullable PartSink sink;
    private int waitingBytes;
    private int keptBytes;
    private boolean keeping = true;
    private boolean complete;
    private boolean paused;
    private boolean released;
    private long received;
    private @Nullable GrpcMessageCounter messages;
    private int wanted;
    private long most = Long.MAX_VALUE;
    private @Nullable Runnable onTooMuch;
    private @Nullable Consumer<Part> gathering;

    /**
     * What is there of a body.
     *
     * @param whole whether nothing follows
     */
    public record Part(byte[] bytes, boolean whole) {

        /** No body was looked at. */
        public static final Part NOTHING = new Part(new byte[0], true);
    }

    /** Sees copies of a body's parts. */
    interface Tee {

        /** Takes the copy over. */
        void part(HttpContent copy);

        /** The rest will not come. */
        void abandoned();
    }

    /**
     * @param complete whether there is no body at all
     */
    RequestBody(FlowControl producer, int bound, boolean complete) {
        this.producer = producer;
        this.bound = bound;
        this.complete = complete;
    }

    /** The producer hands a part over. */
    public void offer(HttpContent part) {
        if (released) {
            part.release();
            return;
        }
        int size = part.content().readableBytes();
        received += size;
        if (received > most) {
            part.release();
            Runnable told = onTooMuch;
            onTooMuch = null;
            if (told != null) {
                told.run();
            }
            return;
        }
        if (part instanceof LastHttpContent) {
            complete = true;
        }
        if (tee != null) {
            tee.part(part.retainedDuplicate());
        }
        if (sink == null) {
            if (waiting == null) {
                waiting = new ArrayDeque<>(2);
            }
            waiting.add(part);
            waitingBytes += size;
        } else {
            send(sink, part, size);
        }
        if (gathering != null) {
            gathered();
        }
        regulate();
    }

    /** Takes no more than this; what is beyond is dropped and told, once. */
    void bound(long bytes, Runnable tooMuch) {
        most = Math.min(most, bytes);
        onTooMuch = tooMuch;
    }

    /**
     * Calls back with a copy of the body's beginning, before it is sent to anyone: as soon as it is
     * whole, or as there is enough. Not if it is released before.
     *
     * @param max bytes that are copied
     * @param partial whether {@code max} bytes are enough; otherwise it must turn out first whether
     *     there are more
     */
    public void gather(int max, boolean partial, Consumer<Part> then) {
        wanted = partial ? max : max + 1;
        gathering =
                part ->
                        then.accept(
                                part.bytes.length <= max
                                        ? part
                                        : new Part(Arrays.copyOf(part.bytes, max), false));
        gathered();
        regulate();
    }

    private void gathered() {
        Consumer<Part> then = gathering;
        if (then == null || (!complete && waitingBytes < wanted)) {
            return;
        }
        gathering = null;
        byte[] bytes = new byte[Math.min(waitingBytes, wanted)];
        copy(bytes);
        boolean whole = complete && bytes.length == waitingBytes;
        wanted = 0;
        then.accept(new Part(bytes, whole));
    }

    private void copy(byte[] bytes) {
        if (waiting == null) {
            return;
        }
        int at = 0;
        for (HttpContent part : waiting) {
            int count = Math.min(part.content().readableBytes(), bytes.length - at);
            part.content().getBytes(part.content().readerIndex(), bytes, at, count);
            at += count;
        }
    }

    /** Whether the producer has handed the last part over. */
    public boolean complete() {
        return complete;
    }

    /** Whether nothing waits to be sent and nothing was sent. */
    boolean empty() {
        if (waiting != null) {
            for (HttpContent part : waiting) {
                if (part.content().isReadable() || hasTrailers(part)) {
                    return false;
                }
            }
        }
        return kept.isEmpty();
    }

    private static boolean hasTrailers(HttpContent part) {
        return part instanceof LastHttpContent last && !last.trailingHeaders().isEmpty();
    }

    public long received() {
        return received;
    }

    /** Whether what was sent so far can be sent again. */
    public boolean replayable() {
        return keeping;
    }

    /** Nothing needs to be sent again from here; frees what was kept. */
    public void stopKeeping() {
        keeping = false;
        if (!kept.isEmpty()) {
            kept.forEach(HttpContent::release);
            kept = List.of();
        }
    }

    /** Sees a copy of each part that is still to come and of those that wait. */
    void tee(Tee copy) {
        if (waiting != null) {
            waiting.forEach(part -> copy.part(part.retainedDuplicate()));
        }
        tee = copy;
    }

    /** Sends all that was sent before, then what waits, then what comes. */
    void attach(PartSink stream) {
        for (HttpContent part : kept) {
            stream.write(part.retainedDuplicate());
        }
        sink = stream;
        HttpContent part;
        while (waiting != null && (part = waiting.pollFirst()) != null) {
            int size = part.content().readableBytes();
            waitingBytes -= size;
            send(stream, part, size);
        }
        regulate();
    }

    void detach() {
        sink = null;
    }

    /** Counts the gRPC messages that are sent; those of a replay once. */
    void count(GrpcMessageCounter counter) {
        messages = counter;
    }

    private void send(PartSink stream, HttpContent part, int size) {
        if (messages != null) {
            messages.add(part.content());
        }
        if (keeping && keptBytes + size <= bound) {
            keptBytes += size;
            if (kept.isEmpty()) {
                kept = new ArrayList<>(2);
            }
            kept.add(part.retainedDuplicate());
        } else if (keeping) {
            stopKeeping();
        }
        stream.write(part);
    }

    /** Asks the producer to pause or to go on, as the sink or the bound demands. */
    void regulate() {
        boolean full = sink == null ? waitingBytes >= Math.max(bound, wanted) : !sink.writable();
        if (full != paused && !(complete && full)) {
            paused = full;
            producer.read(!full);
        }
    }

    /** Nobody wants the body: what comes is dropped. */
    void release() {
        if (released) {
            return;
        }
        released = true;
        sink = null;
        gathering = null;
        if (tee != null && !complete) {
            tee.abandoned();
        }
        tee = null;
        if (waiting != null) {
            waiting.forEach(HttpContent::release);
            waiting = null;
        }
        stopKeeping();
        if (paused) {
            paused = false;
            producer.read(true);
        }
    }
}
