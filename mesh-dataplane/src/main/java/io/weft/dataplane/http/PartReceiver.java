package io.weft.dataplane.http;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes a published body onto an event loop, a few parts at a time, with a brake. */
final class PartReceiver implements Flow.Subscriber<HttpContent>, FlowControl {

    private static final int AHEAD = 4;

    private final EventLoop loop;
    private final Consumer<HttpContent> parts;
    private final Consumer<Throwable> failed;
    private Flow.@Nullable Subscription subscription;
    private boolean reading = true;
    private int asked;
    private boolean cancelled;

    /**
     * @param parts takes each part over, on the loop
     */
    PartReceiver(EventLoop loop, Consumer<HttpContent> parts, Consumer<Throwable> failed) {
        this.loop = loop;
        this.parts = parts;
        this.failed = failed;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        onLoop(() -> {
            subscription = newSubscription;
            if (cancelled) {
                newSubscription.cancel();
            } else {
                ask();
            }
        });
    }

    @Override
    public void onNext(HttpContent part) {
        onLoop(() -> {
            asked--;
            if (cancelled) {
                part.release();
                return;
            }
            parts.accept(part);
            ask();
        });
    }

    @Override
    public void onError(Throwable cause) {
        onLoop(() -> failed.accept(cause));
    }

    @Override
    public void onComplete() {}

    @Override
    public void read(boolean on) {
        reading = on;
        ask();
    }

    void cancel() {
        cancelled = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private void ask() {
        if (reading && subscription != null && asked < AHEAD && !cancelled) {
            int more = AHEAD - asked;
            asked = AHEAD;
            subscription.request(more);
        }
    }

    private void onLoop(Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }
}
