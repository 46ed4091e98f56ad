package io.weft.dataplane.lane;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.weft.engine.authz.Permit;
import io.weft.model.SpiffeId;
import io.weft.model.route.Filter;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * An authorised request on its way through the lane. The parts of bodies are reference counted: who
 * is handed one releases it or passes it on. Every method may be called from any thread.
 */
public interface LaneExchange {

    /** The route's gateway filters, in order. */
    List<Filter.Gateway> filters();

    /** The request after the mesh's own filters; it is the lane's to change until dispatch. */
    HttpRequest head();

    /** {@code http} or {@code https}, as the caller spoke it. */
    String scheme();

    /**
     * The request's body; can be subscribed to once. Its last part is a {@code LastHttpContent},
     * which carries the trailers.
     */
    Flow.Publisher<HttpContent> body();

    /** Null when the own process sends. */
    @Nullable SocketAddress remoteAddress();

    /** Verified identity of the caller, null when it showed none. */
    @Nullable SpiffeId peer();

    String routeName();

    /** That the request was authorised. */
    Permit permit();

    /** The exchange's event loop. */
    Executor executor();

    /**
     * Sends the request on by the route: balancing, retries, mTLS. A failure of the upstream is an
     * answer (503, 504 …), not a failed stage.
     */
    CompletionStage<MeshResponse> dispatch(
            Permit permit, HttpRequest head, Flow.Publisher<HttpContent> body);
}
