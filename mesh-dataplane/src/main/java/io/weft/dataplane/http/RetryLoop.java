package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.codec.HeaderNames;
import io.weft.dataplane.upstream.Reuse;
import io.weft.dataplane.upstream.Target;
import io.weft.dataplane.upstream.UpstreamFailure;
import io.weft.dataplane.upstream.UpstreamStream;
import io.weft.engine.balance.Outcome;
import io.weft.engine.balance.RestHint;
import io.weft.engine.retry.RetryBudgetState;
import io.weft.engine.retry.RetryDecider;
import io.weft.engine.retry.RetryDecision;
import io.weft.engine.retry.TryFailure;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request to a target, again and elsewhere as far as its policy, budget and buffer allow,
 * until there is an answer to pass on. Used on its event loop only.
 */
final class RetryLoop implements Exchange.Work {

    private static final int MAX_RESENT = 3;

    private final Exchange exchange;
    private final Target target;
    private final @Nullable RetryDecider decider;
    private final @Nullable RetryBudgetState budget;
    private final LimitUse limits;
    private final EndpointChoice endpoints;
    private final HttpRequest head;
    private final RequestBody body;
    private final Answer answer;
    private final @Nullable DispatchTimers timers;
    private final @Nullable Hedging hedging;
    private @Nullable Attempt attempt;
    private int retries;
    private boolean committed;
    private boolean over;
    private boolean answerPaused;
    private int resent;
    private boolean grpc;
    private int status;
    private @Nullable HttpResponse held;

    RetryLoop(
            Exchange exchange,
            RoutePlan plan,
            Target target,
            HttpRequest head,
            RequestBody body,
            Answer answer) {
        this.exchange = exchange;
        this.target = target;
        this.limits = new LimitUse(target);
        this.decider = plan.retry();
        this.budget =
                decider == null || decider.policy().budget() == null
                        ? null
                        : exchange.services().budgets().state(decider.policy().budget());
        this.head = head;
        this.body = body;
        this.answer = answer;
        this.timers = DispatchTimers.where(exchange, this, plan, head);
        boolean repeatable = isIdempotent(head);
        this.hedging =
                plan.hedge() != null && (repeatable || exchange.grpc())
                        ? new Hedging(plan.hedge(), exchange.downstream().eventLoop(), this::hedge)
                        : null;
        this.endpoints = new EndpointChoice(exchange, target, decider, hedging != null);
        // Only a peer of HTTP/2 can say that it has not looked at a request.
        if (decider == null && hedging == null && !repeatable && !http2()) {
            body.stopKeeping();
        }
    }

    Exchange exchange() {
        return exchange;
    }

    void start() {
        if (!limits.takeRequest()) {
            over = true;
            answer.failed(new ProxyError.Overflow(limits.requestsFull()));
            return;
        }
        grpc = exchange.grpc();
        if (grpc) {
            exchange.countMessages(body);
        }
        endpoints.stick();
        if (timers != null) {
            timers.start(head, body.complete());
        }
        tryOnce();
    }

    private void tryOnce() {
        if (over) {
            return;
        }
        Target.Pick pick = endpoints.next();
        if (pick == null) {
            fail(new ProxyError.NoHealthyEndpoint(target.unavailable()));
            return;
        }
        exchange.record().destination(pick.endpoint().destination());
        begin(pick, isIdempotent(head) ? Reuse.ANY : Reuse.RECENT);
    }

    /** Sends once more beside what is under way; what cannot be is left. */
    private void hedge() {
        Attempt current = attempt;
        if (hedging == null
                || over
                || committed
                || held != null
                || current == null
                || !body.complete()
                || !body.replayable()
                || !limits.takeRetry()) {
            return;
        }
        Target.Pick pick = budget == null || budget.withdraw() ? endpoints.next() : null;
        if (pick == null) {
            limits.releaseRetry();
        } else {
            hedging.keep(current);
            begin(pick, Reuse.ANY);
        }
    }

    /** Whether the attempt is done with because others are under way; the request is not. */
    private boolean othersGoOn(Attempt lost) {
        Attempt newest = attempt;
        if (hedging == null || newest == null || committed || over || !hedging.hasOthers()) {
            return false;
        }
        attempt = hedging.without(lost, newest);
        return true;
    }

    /** An answer is taken: from here there is one attempt. */
    private void settle(Attempt winner) {
        if (hedging != null && attempt != null) {
            hedging.win(winner, attempt);
            attempt = winner;
            UpstreamStream stream = winner.stream();
            exchange.record().destination(winner.pick().endpoint().destination());
            if (stream != null) {
                exchange.record().upstreamAddress = stream.remoteAddress();
            }
        }
    }

    private void begin(Target.Pick pick, Reuse reuse) {
        Attempt started = new Attempt(this, pick, http2());
        attempt = started;
        exchange.record().attempts++;
        if (timers != null) {
            timers.tryStarted(started, decider);
        }
        if (hedging != null) {
            hedging.begun();
        }
        started.start(exchange, reuse);
    }

    /** An upgrade is HTTP/1.1's own way. */
    private boolean http2() {
        return !exchange.webSocket() && target.http2(exchange.downstream().http2());
    }

    // --- the request

    void connected(Attempt to, UpstreamStream stream) {
        exchange.record().upstreamAddress = stream.remoteAddress();
        exchange.record().upstreamChannel = stream.transport();
        boolean end = body.complete() && body.received() == 0 && body.empty();
        HttpHeaders headers = head.headers();
        if (to.pick().endpoint().meshTls()) {
            headers.set(HeaderNames.X_WEFT_PEER, exchange.services().peerMetadata());
        }
        boolean framed = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (end || framed || to.http2()) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        } else {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        stream.writeHead(head, end);
        if (!end) {
            body.attach(stream);
        }
        stream.flush();
    }

    @Override
    public void requestFlush() {
        UpstreamStream stream = attempt == null ? null : attempt.stream();
        if (stream != null && !over) {
            if (timers != null) {
                timers.active();
            }
            stream.flush();
        }
    }

    @Override
    public void requestComplete() {
        if (timers != null) {
            timers.requestComplete();
        }
    }

    void upstreamWritability() {
        body.regulate();
    }

    // --- the answer

    void informational(HttpResponse informational) {
        answer.informational(informational);
    }

    void head(Attempt from, HttpResponse response, boolean end) {
        status = response.status().code();
        HttpHeaders headers = response.headers();
        Integer grpcStatus = grpc && end ? headers.getInt(HeaderNames.GRPC_STATUS) : null;
        if (Hedging.isBad(status) && othersGoOn(from)) {
            from.discard(Outcome.ofStatus(status), body.complete(), end);
            return;
        }
        settle(from);
        boolean limited = headers.contains(HeaderNames.RATE_LIMITED);
        noteRest(from, headers);
        // Who has too much to do already is not asked again (Envoy's rule).
        if (decider != null
                && !headers.contains(HeaderNames.OVERLOADED)
                && retry(new TryFailure.Answer(status, grpcStatus, true, limited), from, end)) {
            return;
        }
        if (grpc && !end && decider != null) {
            // An error may be in trailers that follow at once: they are waited for in this reading.
            held = response;
            return;
        }
        pass(from, response, end);
    }

    /** A breaker gives an endpoint the rest that it asks for. */
    private void noteRest(Attempt from, HttpHeaders headers) {
        if (status == 429 || status == 503) {
            String after = headers.get(HttpHeaderNames.RETRY_AFTER);
            from.pick().rest(RestHint.ofHttp(status, after, exchange.services().clock().now()));
        }
        if (grpc) {
            from.pick().rest(RestHint.ofGrpc(headers.get(HeaderNames.GRPC_RETRY_PUSHBACK)));
        }
    }

    private void pass(Attempt from, HttpResponse response, boolean end) {
        HttpHeaders headers = response.headers();
        commit(from);
        HeaderRules.stripHopByHop(headers, false);
        headers.set(
                HeaderNames.UPSTREAM_SERVICE_TIME,
                Millis.text(TimeUnit.NANOSECONDS.toMillis(Math.max(0, from.headNanos()))));
        if (end) {
            over(from, outcome(headers));
        }
        answer.head(response, end);
    }

    void content(Attempt from, HttpContent part) {
        if (timers != null) {
            timers.active();
        }
        HttpResponse head = held;
        if (head != null) {
            held = null;
            if (part instanceof LastHttpContent last
                    && !part.content().isReadable()
                    && retry(grpcAnswer(last.trailingHeaders()), from, true)) {
                part.release();
                return;
            }
            pass(from, head, false);
        }
        if (part instanceof LastHttpContent last) {
            noteRest(from, last.trailingHeaders());
            over(from, outcome(last.trailingHeaders()));
        }
        answer.content(part);
        if (!over) {
            pauseAnswer(!answer.writable());
        }
    }

    private TryFailure grpcAnswer(HttpHeaders trailers) {
        return new TryFailure.Answer(status, trailers.getInt("grpc-status"), true, false);
    }

    void readComplete() {
        HttpResponse head = held;
        Attempt from = attempt;
        if (head != null && from != null && !over) {
            held = null;
            pass(from, head, false);
        }
        answer.flush();
        if (!over && committed) {
            pauseAnswer(!answer.writable());
        }
    }

    @Override
    public void downstreamWritability() {
        if (committed && !over) {
            pauseAnswer(!answer.writable());
        }
    }

    private void pauseAnswer(boolean pause) {
        UpstreamStream stream = attempt == null ? null : attempt.stream();
        if (pause != answerPaused && stream != null) {
            answerPaused = pause;
            stream.read(!pause);
        }
    }

    void upgraded(HttpResponse response, Channel upstream) {
        release();
        body.release();
        HeaderRules.stripHopByHop(response.headers(), true);
        answer.upgraded(response, upstream);
    }

    private void commit(Attempt from) {
        committed = true;
        body.stopKeeping();
        exchange.record().upstreamServiceNanos = from.headNanos();
    }

    private Outcome outcome(HttpHeaders trailers) {
        if (grpc) {
            Integer code = trailers.getInt(HeaderNames.GRPC_STATUS);
            if (code != null) {
                return Outcome.ofGrpcStatus(code);
            }
        }
        return Outcome.ofStatus(status);
    }

    private void over(Attempt from, Outcome outcome) {
        from.complete(outcome);
        release();
    }

    private void release() {
        if (over) {
            return;
        }
        over = true;
        if (timers != null) {
            timers.stop();
        }
        if (hedging != null) {
            hedging.stop();
        }
        body.detach();
        limits.release();
        if (budget != null) {
            budget.deposit();
        }
    }

    // --- failures

    /**
     * Sends again on a new connection when the peer had closed an idle one just as it was used, or
     * has not looked at the request: nobody need know, and it says nothing of the endpoint. A few
     * times only, for others may be on the new connection before.
     */
    boolean resent(Attempt from, UpstreamFailure failure) {
        if (committed
                || over
                || resent >= MAX_RESENT
                || (hedging != null && hedging.hasOthers())
                || held != null
                || !(isStale(from, failure) || isUntouched(failure))
                || !body.replayable()) {
            return false;
        }
        resent++;
        body.detach();
        begin(from.pick(), Reuse.NONE);
        return true;
    }

    void failed(Attempt from, UpstreamFailure failure) {
        if (othersGoOn(from)) {
            return;
        }
        body.detach();
        held = null;
        exchange.record().upstreamFailure = failure.reason();
        if (!committed
                && decider != null
                && failure.kind() != UpstreamFailure.Kind.OVERFLOW
                && retry(Failures.tryFailure(failure, from.requestStarted()), from, true)) {
            return;
        }
        fail(Failures.error(failure, committed, retries > 0));
    }

    private boolean isStale(Attempt from, UpstreamFailure failure) {
        return failure.reusedConnection()
                && isIdempotent(head)
                && switch (failure.kind()) {
                    case CLOSED -> true;
                    // Of HTTP/2 it is the stream that was reset, by somebody who knew which.
                    case RESET -> !from.http2();
                    case CONNECT, TLS, OVERFLOW, REFUSED, PROTOCOL -> false;
                };
    }

    /** Safe to send again whatever it asks for (RFC 9113 §8.7). */
    private static boolean isUntouched(UpstreamFailure failure) {
        return failure.kind() == UpstreamFailure.Kind.REFUSED;
    }

    /** One try has taken too long. */
    void tryTimedOut(Attempt late, String cause) {
        if (othersGoOn(late)) {
            late.end(Outcome.TIMEOUT);
        } else {
            timedOut(ProxyError.Which.PER_TRY, cause);
        }
    }

    void timedOut(ProxyError.Which which, String cause) {
        if (over) {
            return;
        }
        Attempt current = attempt;
        held = null;
        if (which == ProxyError.Which.PER_TRY && current != null && !committed) {
            current.end(Outcome.TIMEOUT);
            body.detach();
            if (retry(new TryFailure.PerTryTimeout(), current, true)) {
                return;
            }
        } else if (current != null) {
            current.end(Outcome.TIMEOUT);
        }
        fail(new ProxyError.Timeout(which, cause));
    }

    /** Whether there is another try; then the one that failed has been put aside. */
    private boolean retry(TryFailure failure, Attempt from, boolean answerEnded) {
        RetryDecider policy = decider;
        if (policy == null || !policy.isRetriable(failure) || !body.replayable()) {
            return false;
        }
        if (!limits.takeRetry()) {
            exchange.record().flags = "UO";
            return false;
        }
        RetryDecision decision =
                policy.decide(retries, failure, budget, exchange.services().random());
        return switch (decision) {
            case RetryDecision.Stop(var reason) -> {
                limits.releaseRetry();
                if (reason != RetryDecision.Reason.NOT_RETRIABLE) {
                    exchange.record().flags = "URX";
                }
                yield false;
            }
            case RetryDecision.Retry(var pause) -> {
                retries++;
                from.discard(Outcome.ofStatus(status), body.complete(), answerEnded);
                body.detach();
                attempt = null;
                if (pause == 0) {
                    tryOnce();
                } else {
                    exchange.downstream()
                            .eventLoop()
                            .schedule(this::tryOnce, pause, TimeUnit.NANOSECONDS);
                }
                yield true;
            }
        };
    }

    private void fail(ProxyError error) {
        if (!over) {
            release();
            answer.failed(error);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            release();
            if (attempt != null) {
                attempt.end(Outcome.CANCELLED);
            }
        }
    }

    private static boolean isIdempotent(HttpRequest request) {
        return switch (request.method().name()) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE" -> true;
            default -> false;
        };
    }
}
