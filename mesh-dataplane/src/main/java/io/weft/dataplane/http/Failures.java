package io.weft.dataplane.http;

import io.weft.dataplane.upstream.UpstreamFailure;
import io.weft.engine.retry.TryFailure;

/** What a failed try means: to the retry policy, and to the caller when nothing else is tried. */
final class Failures {

    private Failures() {}

    static TryFailure tryFailure(UpstreamFailure failure, boolean requestStarted) {
        return switch (failure.kind()) {
            case CONNECT, TLS, OVERFLOW -> new TryFailure.ConnectFailed();
            case REFUSED -> new TryFailure.RefusedStream();
            case CLOSED, RESET, PROTOCOL -> new TryFailure.Reset(requestStarted);
        };
    }

    static ProxyError error(UpstreamFailure failure, boolean answerBegun, boolean retried) {
        return switch (failure.kind()) {
            case CONNECT -> new ProxyError.ConnectFailed(false, failure.reason(), retried);
            case TLS -> new ProxyError.ConnectFailed(true, failure.reason(), retried);
            case OVERFLOW -> new ProxyError.Overflow(failure.reason());
            case REFUSED, RESET ->
                    new ProxyError.UpstreamEnded(true, answerBegun, failure.reason(), retried);
            case PROTOCOL ->
                    new ProxyError.UpstreamNonsense(answerBegun, failure.reason(), retried);
            case CLOSED ->
                    new ProxyError.UpstreamEnded(false, answerBegun, failure.reason(), retried);
        };
    }
}
