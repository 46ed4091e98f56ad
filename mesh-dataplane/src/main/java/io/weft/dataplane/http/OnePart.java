package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpContent;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** A body of one part, for one subscriber. */
record OnePart(HttpContent part) implements Flow.Publisher<HttpContent> {

    @Override
    public void subscribe(Flow.Subscriber<? super HttpContent> subscriber) {
        AtomicBoolean done = new AtomicBoolean();
        subscriber.onSubscribe(
                new Flow.Subscription() {
                    @Override
                    public void request(long count) {
                        if (done.compareAndSet(false, true)) {
                            subscriber.onNext(part);
                            subscriber.onComplete();
                        }
                    }

                    @Override
                    public void cancel() {
                        if (done.compareAndSet(false, true)) {
                            part.release();
                        }
                    }
                });
    }
}
