package io.weft.dataplane.lane;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.Flow;

/**
 * An answer from the mesh, or one that a filter made.
 *
 * @param body must be subscribed to, or cancelled, exactly once; its last part is a {@code
 *     LastHttpContent} with the trailers
 */
public record MeshResponse(HttpResponse head, Flow.Publisher<HttpContent> body) {}
