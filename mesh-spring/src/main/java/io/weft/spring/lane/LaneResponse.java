package io.weft.spring.lane;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.dataplane.lane.MeshResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.support.Netty4HeadersAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The answer that a filter chain writes, handed back to the data plane as it commits. */
final class LaneResponse extends AbstractServerHttpResponse implements TrailerSink {

    private final CompletableFuture<MeshResponse> answer = new CompletableFuture<>();
    private final HttpHeaders netty;
    private volatile @Nullable HttpHeaders trailers;

    LaneResponse() {
        this(new DefaultHttpHeaders());
    }

    private LaneResponse(HttpHeaders netty) {
        super(
                Bodies.FACTORY,
                new org.springframework.http.HttpHeaders(new Netty4HeadersAdapter(netty)));
        this.netty = netty;
    }

    CompletionStage<MeshResponse> answer() {
        return answer;
    }

    /** The chain has ended: an answer without a body is complete as it stands. */
    void finish() {
        if (!answer.isDone()) {
            answer.complete(new MeshResponse(head(), Bodies.toContents(Flux.empty(), () -> null)));
        }
    }

    /** The chain has failed before it wrote anything. */
    void fail(HttpStatusCode status) {
        if (!answer.isDone()) {
            netty.clear();
            HttpResponse head =
                    new DefaultHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.valueOf(status.value()),
                            netty);
            answer.complete(new MeshResponse(head, Bodies.toContents(Flux.empty(), () -> null)));
        }
    }

    private HttpResponse head() {
        HttpStatusCode status = getStatusCode();
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(status == null ? 200 : status.value()),
                netty);
    }

    @Override
    public void trailers(HttpHeaders received) {
        trailers = received;
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        return Mono.create(written -> {
            Flux<DataBuffer> observed =
                    Flux.<DataBuffer>from(body)
                            .doOnComplete(written::success)
                            .doOnError(written::error)
                            .doOnCancel(written::success);
            MeshResponse response =
                    new MeshResponse(head(), Bodies.toContents(observed, () -> trailers));
            if (!answer.complete(response)) {
                Bodies.discard(response.body());
            }
        });
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(
            Publisher<? extends Publisher<? extends DataBuffer>> body) {
        // The data plane flushes what it has whenever it would otherwise wait.
        return writeWithInternal(Flux.from(body).concatMap(part -> part));
    }

    @Override
    protected void applyStatusCode() {}

    @Override
    protected void applyHeaders() {}

    @Override
    protected void applyCookies() {
        for (var cookies : getCookies().values()) {
            for (ResponseCookie cookie : cookies) {
                netty.add("set-cookie", cookie.toString());
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getNativeResponse() {
        return (T) this;
    }
}
