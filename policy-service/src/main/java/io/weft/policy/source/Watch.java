package io.weft.policy.source;

import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The lines of a watch, taken one by one with a time limit, so that a dead peer is noticed. */
final class Watch implements Flow.Subscriber<String> {

    /** Lines are tiny and few; the peer is not read further when it sends a flood. */
    private static final int WINDOW = 16;

    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;

    static HttpResponse.BodyHandler<Void> into(Watch watch) {
        return response -> HttpResponse.BodySubscribers.fromLineSubscriber(watch);
    }

    /** The lines; an empty element is the end. */
    BlockingQueue<Optional<String>> lines() {
        return lines;
    }

    /** Asks for one more line, when one was taken. */
    void taken() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    /** There is no more to come. */
    void ended() {
        lines.add(Optional.empty());
    }

    void cancel() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        started.request(WINDOW);
    }

    @Override
    public void onNext(String line) {
        lines.add(Optional.of(line));
    }

    @Override
    public void onError(Throwable failure) {
        ended();
    }

    @Override
    public void onComplete() {
        ended();
    }
}
