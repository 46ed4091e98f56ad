package io.weft.spring.lane;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.lane.LaneExchange;
import io.weft.dataplane.lane.MeshResponse;
import io.weft.engine.SampleRequest;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.model.SpiffeId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.route.Filter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** The data plane's side of an exchange: hands out a request, records what is dispatched. */
final class PlayedExchange implements LaneExchange {

    private final HttpRequest head;
    private final String body;
    private final List<Filter.Gateway> filters;
    private final MeshResponse answer;
    private @Nullable HttpRequest dispatched;
    private String dispatchedBody = "";

    PlayedExchange(
            HttpRequest head, String body, List<Filter.Gateway> filters, MeshResponse answer) {
        this.head = head;
        this.body = body;
        this.filters = filters;
        this.answer = answer;
    }

    HttpRequest dispatched() {
        return Objects.requireNonNull(dispatched, "nothing was dispatched");
    }

    boolean wasDispatched() {
        return dispatched != null;
    }

    String dispatchedBody() {
        return dispatchedBody;
    }

    @Override
    public List<Filter.Gateway> filters() {
        return filters;
    }

    @Override
    public HttpRequest head() {
        return head;
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public Flow.Publisher<HttpContent> body() {
        HttpContent part =
                new DefaultHttpContent(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        return JdkFlowAdapter.publisherToFlowPublisher(
                Flux.just(part, LastHttpContent.EMPTY_LAST_CONTENT));
    }

    @Override
    public SocketAddress remoteAddress() {
        return new InetSocketAddress("127.0.0.1", 4711);
    }

    @Override
    public @Nullable SpiffeId peer() {
        return null;
    }

    @Override
    public String routeName() {
        return "played";
    }

    @Override
    public Permit permit() {
        Verdict verdict =
                AuthzEngine.compile(AuthzProgram.ALLOW_ALL)
                        .decide(SampleRequest.http("GET", "/").build());
        return ((Verdict.Allowed) verdict).permit();
    }

    @Override
    public Executor executor() {
        return Runnable::run;
    }

    @Override
    public CompletionStage<MeshResponse> dispatch(
            Permit permit, HttpRequest request, Flow.Publisher<HttpContent> content) {
        dispatched = request;
        return JdkFlowAdapter.flowPublisherToFlux(content)
                .map(part -> {
                    String text = part.content().toString(StandardCharsets.UTF_8);
                    part.release();
                    return text;
                })
                .collectList()
                .map(parts -> {
                    dispatchedBody = String.join("", parts);
                    return answer;
                })
                .toFuture();
    }
}
