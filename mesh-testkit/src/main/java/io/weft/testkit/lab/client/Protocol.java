package io.weft.testkit.lab.client;

/** What the client speaks. */
public enum Protocol {
    HTTP1,
    HTTP2,
    GRPC,
    TCP,
    /** TLS with opaque bytes in it. */
    TLS,
    WEBSOCKET;

    /** Whether it sends requests that have headers. */
    public boolean isHttp() {
        return this != TCP && this != TLS;
    }

    /** Whether requests are framed as HTTP/2. */
    public boolean isHttp2() {
        return this == HTTP2 || this == GRPC;
    }
}
