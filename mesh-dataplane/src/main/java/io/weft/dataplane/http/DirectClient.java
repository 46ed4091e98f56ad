package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.lane.MeshClient;
import io.weft.dataplane.lane.MeshRequest;
import io.weft.dataplane.lane.MeshResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the own process's requests through the outbound phases, without a downstream connection.
 */
public final class DirectClient implements MeshClient {

    private final EventLoopGroup group;
    private final HttpServices services;
    private final Function<String, ExchangeHandler> phases;
    private final BooleanSupplier closed;

    /**
     * @param phases what is done with the requests to a destination
     */
    public DirectClient(
            EventLoopGroup group,
            HttpServices services,
            Function<String, ExchangeHandler> phases,
            BooleanSupplier closed) {
        this.group = group;
        this.services = services;
        this.phases = phases;
        this.closed = closed;
    }

    @Override
    public CompletionStage<MeshResponse> send(MeshRequest request) {
        CompletableFuture<MeshResponse> answer = new CompletableFuture<>();
        if (closed.getAsBoolean()) {
            answer.completeExceptionally(new IOException("the data plane is closed"));
            return answer;
        }
        EventLoop loop = group.next();
        loop.execute(() -> new Call(loop, answer).begin(request));
        return answer;
    }

    /** One call; its exchange's downstream. */
    private final class Call implements Downstream {
        private final EventLoop loop;
        private final CompletableFuture<MeshResponse> answer;
        private final PartPublisher answerBody;
        private @Nullable PartReceiver requestBody;
        private @Nullable Exchange exchange;

        Call(EventLoop loop, CompletableFuture<MeshResponse> answer) {
            this.loop = loop;
            this.answer = answer;
            this.answerBody = new PartPublisher(loop, this::more, this::stop);
        }

        void begin(MeshRequest request) {
            HttpRequest head =
                    new DefaultHttpRequest(
                            HttpVersion.HTTP_1_1,
                            request.head().method(),
                            request.head().uri(),
                            request.head().headers());
            if (!head.headers().contains(HttpHeaderNames.HOST)) {
                head.headers().set(HttpHeaderNames.HOST, request.destination());
            }
            Exchange started =
                    new Exchange(ConnectionContext.internal(), this, services, head, false);
            exchange = started;
            PartReceiver receiver =
                    new PartReceiver(
                            loop,
                            part -> {
                                started.requestPart(part);
                                started.requestFlush();
                            },
                            cause -> started.downstreamGone(String.valueOf(cause)));
            requestBody = receiver;
            request.body().subscribe(receiver);
            phases.apply(request.destination()).handle(started);
        }

        private void more() {
            if (exchange != null) {
                exchange.downstreamWritability();
            }
        }

        private void stop() {
            if (exchange != null) {
                exchange.downstreamGone("the caller cancelled");
            }
        }

        @Override
        public EventLoop eventLoop() {
            return loop;
        }

        @Override
        public void informational(HttpResponse head) {}

        @Override
        public void head(HttpResponse head, boolean end) {
            answer.complete(new MeshResponse(head, answerBody));
            if (end) {
                content(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        }

        @Override
        public void content(HttpContent content) {
            answerBody.write(content);
            if (content instanceof LastHttpContent && requestBody != null) {
                requestBody.cancel();
            }
        }

        @Override
        public void flush() {}

        @Override
        public boolean writable() {
            return answerBody.writable();
        }

        @Override
        public void abort() {
            answerBody.fail(new IOException("the answer broke off"));
        }

        @Override
        public void upgrade(HttpResponse head, Consumer<Channel> next) {
            throw new IllegalStateException("a programmatic request cannot be upgraded");
        }

        @Override
        public String protocol() {
            return "HTTP/1.1";
        }

        @Override
        public boolean http2() {
            return false;
        }

        @Override
        public void read(boolean on) {
            if (requestBody != null) {
                requestBody.read(on);
            }
        }
    }
}
