package io.weft.dataplane.upstream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One request on a connection; used on its event loop only. */
public interface UpstreamStream extends PartSink {

    /**
     * @param end whether the request has neither body nor trailers
     */
    void writeHead(HttpRequest head, boolean end);

    void flush();

    /** Turns reading of the answer off and on. */
    void read(boolean on);

    /** Gives the stream up; the listener hears nothing more. */
    void cancel();

    boolean http2();

    @Nullable SocketAddress remoteAddress();

    /** The connection that it runs over, for logs; null for none. */
    default @Nullable Channel transport() {
        return null;
    }
}
