package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.lane.LaneExchange;
import io.weft.dataplane.lane.MeshResponse;
import io.weft.dataplane.upstream.Target;
import io.weft.engine.authz.Permit;
import io.weft.model.SpiffeId;
import io.weft.model.route.Filter;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** An exchange while it is the lane's. */
final class LaneRun implements LaneExchange, Exchange.Work {

    private final Exchange exchange;
    private final RoutePlan plan;
    private final Target target;
    private final Permit permit;
    private final EventLoop loop;
    private final PartPublisher requestBody;
    private final Dispatches dispatches = new Dispatches();
    private @Nullable PartReceiver answerBody;

    private LaneRun(Exchange exchange, RoutePlan plan, Target target, Permit permit) {
        this.exchange = exchange;
        this.plan = plan;
        this.target = target;
        this.permit = permit;
        this.loop = exchange.downstream().eventLoop();
        this.requestBody = new PartPublisher(loop, exchange.body()::regulate, () -> {});
    }

    static void start(
            Exchange exchange, RoutePlan plan, Target target, Permit permit, FilterLane lane) {
        LaneRun run = new LaneRun(exchange, plan, target, permit);
        exchange.work(run);
        exchange.body().stopKeeping();
        boolean bodyless = exchange.body().complete() && exchange.body().empty();
        exchange.body().attach(run.requestBody);
        if (bodyless) {
            run.requestBody.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        try {
            lane.filter(run)
                    .whenComplete((answer, cause) -> run.onLoop(() -> run.answered(answer, cause)));
        } catch (RuntimeException e) {
            run.answered(null, e);
        }
    }

    private void answered(@Nullable MeshResponse answer, @Nullable Throwable cause) {
        if (answer == null || exchange.finished()) {
            exchange.fail(new ProxyError.LaneFailed("a gateway filter failed: " + cause));
            return;
        }
        HttpResponse head =
                new DefaultHttpResponse(
                        answer.head().protocolVersion(),
                        answer.head().status(),
                        answer.head().headers());
        HeaderRules.stripHopByHop(head.headers(), false);
        exchange.head(head, false);
        PartReceiver receiver =
                new PartReceiver(
                        loop,
                        part -> {
                            exchange.content(part);
                            exchange.flush();
                            downstreamWritability();
                        },
                        failure ->
                                exchange.fail(
                                        new ProxyError.UpstreamEnded(
                                                false, true, String.valueOf(failure), false)));
        answerBody = receiver;
        answer.body().subscribe(receiver);
    }

    // --- LaneExchange

    @Override
    public List<Filter.Gateway> filters() {
        return plan.gatewayFilters();
    }

    @Override
    public HttpRequest head() {
        return exchange.request();
    }

    @Override
    public String scheme() {
        return exchange.scheme();
    }

    @Override
    public Flow.Publisher<HttpContent> body() {
        return requestBody;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return exchange.connection().remoteAddress();
    }

    @Override
    public @Nullable SpiffeId peer() {
        return exchange.peer();
    }

    @Override
    public String routeName() {
        return plan.name();
    }

    @Override
    public Permit permit() {
        return permit;
    }

    @Override
    public Executor executor() {
        return loop;
    }

    @Override
    public CompletionStage<MeshResponse> dispatch(
            Permit proof, HttpRequest head, Flow.Publisher<HttpContent> body) {
        if (proof != permit) {
            throw new IllegalArgumentException("permit: of another exchange (expected: its own)");
        }
        CompletableFuture<MeshResponse> answer = new CompletableFuture<>();
        onLoop(() -> dispatches.begin(head, body, answer));
        return answer;
    }

    // --- Work

    @Override
    public void downstreamWritability() {
        if (answerBody != null && !exchange.finished()) {
            answerBody.read(exchange.downstream().writable());
        }
    }

    @Override
    public void requestFlush() {}

    @Override
    public void requestComplete() {}

    @Override
    public void cancel() {
        requestBody.fail(new java.io.IOException("the caller went away"));
        dispatches.cancel();
        if (answerBody != null) {
            answerBody.cancel();
        }
    }

    private void onLoop(Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
        } else {
            loop.execute(action);
        }
    }

    /** The requests that the lane sends on, one after the other. */
    private final class Dispatches {
        private @Nullable RetryLoop current;

        void begin(
                HttpRequest head,
                Flow.Publisher<HttpContent> body,
                CompletableFuture<MeshResponse> promise) {
            if (exchange.finished()) {
                promise.completeExceptionally(new java.io.IOException("the exchange is over"));
                return;
            }
            HeaderRules.stripHopByHop(head.headers(), false);
            RequestBody[] parts = new RequestBody[1];
            PartReceiver receiver =
                    new PartReceiver(loop, part -> offer(parts[0], part), cause -> cancel());
            RequestBody sent =
                    new RequestBody(receiver, exchange.services().limits().replayBuffer(), false);
            parts[0] = sent;
            LaneAnswer answer = new LaneAnswer(promise);
            RetryLoop retryLoop = new RetryLoop(exchange, plan, target, head, sent, answer);
            answer.source = retryLoop;
            current = retryLoop;
            body.subscribe(receiver);
            retryLoop.start();
        }

        private void offer(RequestBody body, HttpContent part) {
            RetryLoop to = current;
            body.offer(part);
            if (to != null) {
                if (body.complete()) {
                    to.requestComplete();
                }
                to.requestFlush();
            }
        }

        void cancel() {
            if (current != null) {
                current.cancel();
            }
        }
    }

    /** The answer to a dispatch, as the lane sees it. */
    private final class LaneAnswer implements Answer {
        private final CompletableFuture<MeshResponse> promise;
        private final PartPublisher body;
        @Nullable RetryLoop source;

        LaneAnswer(CompletableFuture<MeshResponse> promise) {
            this.promise = promise;
            this.body = new PartPublisher(loop, this::more, this::stop);
        }

        private void more() {
            if (source != null) {
                source.downstreamWritability();
            }
        }

        private void stop() {
            if (source != null) {
                source.cancel();
            }
        }

        @Override
        public void informational(HttpResponse head) {
            exchange.informational(head);
        }

        @Override
        public void head(HttpResponse head, boolean end) {
            promise.complete(new MeshResponse(head, body));
            if (end) {
                body.write(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        }

        @Override
        public void content(HttpContent part) {
            body.write(part);
        }

        @Override
        public void flush() {}

        @Override
        public boolean writable() {
            return body.writable();
        }

        @Override
        public void failed(ProxyError error) {
            if (promise.isDone()) {
                body.fail(new java.io.IOException(error.cause()));
                return;
            }
            ErrorAnswer made = ErrorAnswer.of(error);
            exchange.record().flags = made.flag();
            exchange.record().upstreamFailure = error.cause();
            promise.complete(LocalAnswer.response(made));
        }

        @Override
        public void upgraded(HttpResponse head, Channel upstream) {
            upstream.close();
            failed(new ProxyError.LaneFailed("gateway filters cannot follow an upgrade"));
        }
    }
}
