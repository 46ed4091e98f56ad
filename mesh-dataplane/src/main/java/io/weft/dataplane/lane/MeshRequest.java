package io.weft.dataplane.lane;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import java.util.concurrent.Flow;

/**
 * A request that the proxy's own process sends into the mesh.
 *
 * @param destination {@code host:port}; the port is always stated
 * @param head method, origin-form target and headers; a missing {@code Host} becomes the
 *     destination
 * @param body its last part is a {@code LastHttpContent}; subscribed to once
 */
public record MeshRequest(String destination, HttpRequest head, Flow.Publisher<HttpContent> body) {}
