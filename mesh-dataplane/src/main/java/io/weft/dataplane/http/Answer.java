package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Where the answer of a dispatch goes: to the exchange itself, or to code that looks at it first.
 */
interface Answer {

    void informational(HttpResponse head);

    void head(HttpResponse head, boolean end);

    /** Takes the part over. */
    void content(HttpContent part);

    void flush();

    boolean writable();

    void failed(ProxyError error);

    void upgraded(HttpResponse head, Channel upstream);
}
