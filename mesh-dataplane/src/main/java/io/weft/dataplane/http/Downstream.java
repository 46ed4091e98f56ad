package io.weft.dataplane.http;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/** Where an exchange's answer goes and its request comes from. Used on its event loop only. */
public interface Downstream extends FlowControl {

    EventLoop eventLoop();

    /** A 1xx answer before the real one. */
    void informational(HttpResponse head);

    /**
     * @param end whether nothing follows
     */
    void head(HttpResponse head, boolean end);

    /** Takes the content over; a {@code LastHttpContent} ends the answer. */
    void content(HttpContent content);

    void flush();

    boolean writable();

    /** Ends an answer that cannot be finished: a reset stream, a closed connection. */
    void abort();

    /** Sends the 101 and hands the connection over to {@code next}, without any HTTP codec. */
    void upgrade(HttpResponse head, java.util.function.Consumer<io.netty.channel.Channel> next);

    /** {@code HTTP/1.1} or {@code HTTP/2}. */
    String protocol();

    boolean http2();

    /** Turns reading of the request off and on. */
    @Override
    void read(boolean on);
}
