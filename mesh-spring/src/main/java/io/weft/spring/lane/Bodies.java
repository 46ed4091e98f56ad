package io.weft.spring.lane;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Bodies between the data plane's form (Netty's parts, ended by one that carries the trailers) and
 * Spring's (data buffers). Nothing is copied; ownership of each buffer goes with it.
 */
public final class Bodies {

    /** Wraps Netty's buffers for Spring. */
    public static final NettyDataBufferFactory FACTORY =
            new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

    private Bodies() {}

    /**
     * @param trailers is told the trailers before the flux completes, if there are any
     */
    public static Flux<DataBuffer> toBuffers(
            Flow.Publisher<HttpContent> body, Consumer<HttpHeaders> trailers) {
        return JdkFlowAdapter.flowPublisherToFlux(body)
                .<DataBuffer>handle((part, sink) -> {
                    if (part instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
                        trailers.accept(last.trailingHeaders());
                    }
                    ByteBuf bytes = part.content();
                    if (bytes.isReadable()) {
                        sink.next(FACTORY.wrap(bytes));
                    } else {
                        part.release();
                    }
                });
    }

    /**
     * @param trailers asked when the buffers have ended; null for none
     */
    public static Flow.Publisher<HttpContent> toContents(
            Publisher<? extends DataBuffer> buffers, Supplier<@Nullable HttpHeaders> trailers) {
        Flux<HttpContent> parts =
                Flux.from(buffers)
                        .map(buffer ->
                                new DefaultHttpContent(NettyDataBufferFactory.toByteBuf(buffer)));
        return JdkFlowAdapter.publisherToFlowPublisher(
                parts.concatWith(Mono.fromSupplier(() -> last(trailers.get()))));
    }

    private static HttpContent last(@Nullable HttpHeaders trailers) {
        if (trailers == null || trailers.isEmpty()) {
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        DefaultLastHttpContent last = new DefaultLastHttpContent();
        last.trailingHeaders().add(trailers);
        return last;
    }

    /** Throws a body away that nobody will read. */
    public static void discard(Flow.Publisher<HttpContent> body) {
        JdkFlowAdapter.flowPublisherToFlux(body).doOnNext(HttpContent::release).subscribe();
    }
}
