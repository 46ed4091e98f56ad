package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.util.function.Consumer;

/** Whom nothing can be answered any more; for what is only recorded. */
record Nowhere(ConnectionContext connection) implements Downstream {

    @Override
    public void informational(HttpResponse head) {
        // Nobody hears it.
    }

    @Override
    public void head(HttpResponse head, boolean end) {
        // Nobody hears it.
    }

    @Override
    public void content(HttpContent content) {
        content.release();
    }

    @Override
    public void flush() {
        // There is nothing to flush.
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void read(boolean on) {
        // There is nothing to read.
    }

    @Override
    public void abort() {
        // There is nothing to end.
    }

    @Override
    public void upgrade(HttpResponse head, Consumer<Channel> next) {
        throw new IllegalStateException("nobody is there to switch protocols with");
    }

    @Override
    public EventLoop eventLoop() {
        return connection.channel().eventLoop();
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public boolean http2() {
        return true;
    }
}
