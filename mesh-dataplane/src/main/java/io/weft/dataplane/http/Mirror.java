package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.upstream.ProxyAnnouncement;
import io.weft.dataplane.upstream.Reuse;
import io.weft.dataplane.upstream.Target;
import io.weft.dataplane.upstream.UpstreamFailure;
import io.weft.dataplane.upstream.UpstreamListener;
import io.weft.dataplane.upstream.UpstreamStream;
import io.weft.engine.balance.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a request to another target. It never slows or fails the original: a mirror that cannot
 * keep up is given up, and its answer is thrown away.
 */
final class Mirror implements UpstreamListener, RequestBody.Tee {

    private final Target.Pick pick;
    private final ProxyAnnouncement announcement;
    private final HttpRequest head;
    private final boolean bodyless;
    private final int bound;
    private final Deque<HttpContent> waiting = new ArrayDeque<>();
    private @Nullable UpstreamStream stream;
    private int waitingBytes;
    private boolean over;

    private Mirror(
            Target.Pick pick,
            ProxyAnnouncement announcement,
            HttpRequest head,
            boolean bodyless,
            int bound) {
        this.pick = pick;
        this.announcement = announcement;
        this.head = head;
        this.bodyless = bodyless;
        this.bound = bound;
    }

    static void start(Exchange exchange, Target target) {
        Target.Pick pick = target.pick(exchange, List.of(), false);
        if (pick == null) {
            return;
        }
        HttpRequest original = exchange.request();
        HttpHeaders headers = original.headers().copy();
        headers.set(HttpHeaderNames.HOST, shadow(exchange.authority()));
        HttpRequest copy =
                new DefaultHttpRequest(
                        HttpVersion.HTTP_1_1, original.method(), original.uri(), headers);
        boolean bodyless = exchange.body().complete() && exchange.body().empty();
        Mirror mirror =
                new Mirror(
                        pick,
                        exchange.connection().announcement(),
                        copy,
                        bodyless,
                        exchange.services().limits().replayBuffer());
        if (!bodyless) {
            exchange.body().tee(mirror);
        }
        exchange.services()
                .pools()
                .acquire(
                        exchange.downstream().eventLoop(),
                        pick.endpoint(),
                        target.http2(exchange.downstream().http2()),
                        Reuse.ANY,
                        mirror);
    }

    @Override
    public ProxyAnnouncement announcement() {
        return announcement;
    }

    /** Istio marks the host of mirrored requests. */
    private static String shadow(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']')
                ? authority.substring(0, colon) + "-shadow" + authority.substring(colon)
                : authority + "-shadow";
    }

    @Override
    public void part(HttpContent copy) {
        if (over) {
            copy.release();
            return;
        }
        UpstreamStream to = stream;
        if (to != null && to.writable()) {
            to.write(copy);
            to.flush();
            return;
        }
        waitingBytes += copy.content().readableBytes();
        waiting.add(copy);
        if (waitingBytes > bound) {
            giveUp();
        }
    }

    @Override
    public void abandoned() {
        giveUp();
    }

    private void giveUp() {
        if (over) {
            return;
        }
        end(Outcome.CANCELLED);
        if (stream != null) {
            stream.cancel();
        }
    }

    private void end(Outcome outcome) {
        if (!over) {
            over = true;
            pick.complete(outcome, -1);
            waiting.forEach(HttpContent::release);
            waiting.clear();
        }
    }

    @Override
    public void connected(UpstreamStream connected) {
        stream = connected;
        if (over) {
            connected.cancel();
            return;
        }
        if (!bodyless
                && !connected.http2()
                && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        connected.writeHead(head, bodyless);
        writabilityChanged();
        connected.flush();
    }

    @Override
    public void writabilityChanged() {
        UpstreamStream to = stream;
        while (to != null && to.writable() && !waiting.isEmpty()) {
            HttpContent part = waiting.removeFirst();
            waitingBytes -= part.content().readableBytes();
            to.write(part);
        }
        if (to != null) {
            to.flush();
        }
    }

    @Override
    public void head(HttpResponse response, boolean end) {
        if (end) {
            end(Outcome.ofStatus(response.status().code()));
        }
    }

    @Override
    public void content(HttpContent part) {
        boolean last = part instanceof LastHttpContent;
        part.release();
        if (last) {
            end(Outcome.SUCCESS);
        }
    }

    @Override
    public void informational(HttpResponse response) {}

    @Override
    public void upgraded(HttpResponse response, Channel channel) {
        end(Outcome.SUCCESS);
        channel.close();
    }

    @Override
    public void readComplete() {}

    @Override
    public void failed(UpstreamFailure failure) {
        end(Outcome.CONNECT_FAILURE);
    }
}
