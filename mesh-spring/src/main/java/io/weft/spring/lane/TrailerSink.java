package io.weft.spring.lane;

import io.netty.handler.codec.http.HttpHeaders;

/** A response that can send trailers after its body (RFC 9110, section 6.5). */
public interface TrailerSink {

    /** Called before the body completes; at most once. */
    void trailers(HttpHeaders trailers);
}
