package io.weft.dataplane.upstream;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Hears of one attempt, on its event loop: either {@link #failed} ends it, or {@link #connected} is
 * followed by informational answers, one head, and contents of which the last is a {@code
 * LastHttpContent}.
 */
public interface UpstreamListener {

    /** On whose behalf it is, for endpoints that want to know before anything else. */
    ProxyAnnouncement announcement();

    /** The request may be written now. */
    void connected(UpstreamStream stream);

    /** A 1xx answer; 101 comes as {@link #upgraded}. */
    void informational(HttpResponse head);

    /**
     * @param end whether the head ends the answer, then no content follows
     */
    void head(HttpResponse head, boolean end);

    /** The listener takes the content over. */
    void content(HttpContent content);

    /** The peer speaks another protocol from here; the channel has no HTTP codec any more. */
    void upgraded(HttpResponse head, io.netty.channel.Channel channel);

    /** Everything that is there for now was handed over. */
    void readComplete();

    void writabilityChanged();

    void failed(UpstreamFailure failure);
}
