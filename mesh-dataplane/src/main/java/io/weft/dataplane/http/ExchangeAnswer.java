package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.weft.dataplane.upstream.Relay;

/** The answer goes straight to the caller. */
record ExchangeAnswer(Exchange exchange) implements Answer {

    @Override
    public void informational(HttpResponse head) {
        exchange.informational(head);
    }

    @Override
    public void head(HttpResponse head, boolean end) {
        exchange.head(head, end);
    }

    @Override
    public void content(HttpContent part) {
        exchange.content(part);
    }

    @Override
    public void flush() {
        exchange.flush();
    }

    @Override
    public boolean writable() {
        return exchange.downstream().writable();
    }

    @Override
    public void failed(ProxyError error) {
        exchange.fail(error);
    }

    @Override
    public void upgraded(HttpResponse head, Channel upstream) {
        exchange.downstream()
                .upgrade(head, downstream -> Relay.join(downstream, upstream, Relay.Observer.NONE));
        exchange.switched(head);
    }
}
