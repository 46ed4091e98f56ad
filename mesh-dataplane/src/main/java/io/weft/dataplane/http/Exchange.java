package io.weft.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.codec.HeaderNames;
import io.weft.dataplane.telemetry.GrpcMessageCounter;
import io.weft.model.listener.Denials;
import io.weft.model.route.HeaderOp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, from the head of the one to the end of the other; all state of an
 * exchange is here. Used on its event loop only.
 */
public final class Exchange extends LiveFacts {

    private final Downstream downstream;
    private final HttpServices services;
    private final RequestBody body;
    private final ExchangeRecord record;
    private final boolean webSocket;
    private @Nullable Work work;
    private List<ResponseChange> responseChanges = List.of();
    private List<ResponseChange> headerChanges = List.of();
    private Denials denials = Denials.DEFAULT;
    private boolean headSent;
    private boolean finished;
    private @Nullable Runnable onFinish;
    private long mostBytes = Long.MAX_VALUE;
    private @Nullable CompressionFilter compression;
    private @Nullable AnswerEncoder encoder;

    /** What runs for the exchange behind the phases; told when the downstream changes. */
    public interface Work {

        /** The downstream takes more of the answer, or no more for now. */
        void downstreamWritability();

        /** The parts of the request that are there for now have been handed over. */
        void requestFlush();

        /** The request was handed over whole. */
        void requestComplete();

        /** The exchange is over; nothing may be sent any more. */
        void cancel();
    }

    /** Changes the head of the answer before it is sent. */
    @FunctionalInterface
    public interface ResponseChange {
        void apply(Exchange exchange, HttpResponse head);
    }

    public Exchange(
            ConnectionContext connection,
            Downstream downstream,
            HttpServices services,
            HttpRequest request,
            boolean end) {
        super(connection, request);
        this.downstream = downstream;
        this.services = services;
        this.webSocket = HeaderRules.isWebSocket(request.headers());
        HeaderRules.stripHopByHop(request.headers(), webSocket && !downstream.http2());
        this.body = new RequestBody(downstream, services.limits().replayBuffer(), end);
        Instant now = services.clock().now();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        this.record = new ExchangeRecord(this, request.uri(), authority(), micros);
        services.counters().exchangeStarted();
    }

    public Downstream downstream() {
        return downstream;
    }

    public HttpServices services() {
        return services;
    }

    public RequestBody body() {
        return body;
    }

    public ExchangeRecord record() {
        return record;
    }

    /** Whether an end was recorded already. */
    public boolean finished() {
        return finished;
    }

    /** Whether the request asks for a WebSocket. */
    boolean webSocket() {
        return webSocket;
    }

    /** Whether the connection may become a WebSocket's own. */
    public boolean upgrades() {
        return webSocket && !downstream.http2();
    }

    /** Changes the headers that are forwarded; values are taken as they are. */
    public void apply(List<HeaderOp> changes) {
        for (HeaderOp change : changes) {
            if (change instanceof HeaderOp.Remove(var name)) {
                ForgedNames.stripTwins(request().headers(), name);
            }
        }
        HeaderChanges.applyLiterally(changes, request().headers());
    }

    /** Adds something to do when the exchange is over. */
    public void onFinish(Runnable action) {
        Runnable before = onFinish;
        onFinish =
                before == null
                        ? action
                        : () -> {
                            before.run();
                            action.run();
                        };
    }

    /** Names what is said if a policy refuses the request. */
    public void denials(Denials configured) {
        denials = configured;
    }

    Denials denials() {
        return denials;
    }

    /** Lets no answer of more bytes through. */
    void boundAnswer(long bytes) {
        mostBytes = Math.min(mostBytes, bytes);
    }

    /** Names who may compress the answer. */
    void compression(CompressionFilter filter) {
        compression = filter;
    }

    /**
     * Begins the trace and takes in what the caller's sidecar says of itself, if that is believed.
     */
    public void identify() {
        HttpHeaders headers = request().headers();
        String said = headers.get(HeaderNames.X_WEFT_PEER);
        if (said != null) {
            headers.remove(HeaderNames.X_WEFT_PEER);
            if (connection().peer() != null) {
                record.peerMetadata = connection().memory().metadata(said);
            }
        }
        record.trace = services.log().begin(headers, connection().inbound());
    }

    /** Names who works for the exchange from here. */
    public void work(Work newWork) {
        work = newWork;
    }

    /** Adds a change to the answer's head; the last added runs first. */
    public void change(ResponseChange change) {
        if (responseChanges.isEmpty()) {
            responseChanges = new ArrayList<>(2);
        }
        responseChanges.addFirst(change);
    }

    /**
     * Adds header operations of a route. Those of the route run before those of its destination,
     * and all of them before what was added by {@link #change}.
     */
    public void changeInOrder(ResponseChange change) {
        if (headerChanges.isEmpty()) {
            headerChanges = new ArrayList<>(2);
        }
        headerChanges.add(change);
    }

    /** Changes the answer's headers; values are taken as they are. */
    public void changeAnswer(List<HeaderOp> changes) {
        change((x, head) -> HeaderChanges.applyLiterally(changes, head.headers()));
    }

    /** Counts the gRPC messages that are sent from this body, and those of the answer. */
    void countMessages(RequestBody from) {
        if (record.requestMessages == null) {
            record.requestMessages = new GrpcMessageCounter();
            record.responseMessages = new GrpcMessageCounter();
            from.count(record.requestMessages);
        }
    }

    // --- the request, as the downstream hands it over

    /** A part of the request; ownership passes. */
    public void requestPart(HttpContent part) {
        if (part instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
            ForgedNames.stripTrailers(last.trailingHeaders());
        }
        body.offer(part);
        if (body.complete() && work != null) {
            work.requestComplete();
        }
    }

    public void requestFlush() {
        if (work != null) {
            work.requestFlush();
        }
    }

    public void downstreamWritability() {
        if (work != null) {
            work.downstreamWritability();
        }
    }

    /** The caller went away. */
    public void downstreamGone(String cause) {
        if (!finished) {
            fail(new ProxyError.DownstreamGone(cause));
        }
    }

    // --- the answer

    public boolean headSent() {
        return headSent;
    }

    public void informational(HttpResponse head) {
        if (!headSent && !finished) {
            downstream.informational(head);
        }
    }

    /** Sends the answer's head. */
    public void head(HttpResponse head, boolean end) {
        if (mostBytes != Long.MAX_VALUE && announcesTooMuch(head)) {
            return;
        }
        for (ResponseChange change : headerChanges) {
            change.apply(this, head);
        }
        for (ResponseChange change : responseChanges) {
            change.apply(this, head);
        }
        if (compression != null && !end) {
            encoder = compression.begin(this, head);
        }
        headSent = true;
        record.status = head.status().code();
        record.responseHeaders = head.headers();
        downstream.head(head, end);
        if (end) {
            finish();
        }
    }

    private boolean announcesTooMuch(HttpResponse head) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        long bound = mostBytes;
        if (length == null || !SizeFilter.isMore(length, bound)) {
            return false;
        }
        mostBytes = Long.MAX_VALUE;
        fail(new ProxyError.AnswerTooLarge("an answer of " + length + " bytes, over " + bound));
        return true;
    }

    /** Sends a part of the answer's body; ownership passes. */
    public void content(HttpContent given) {
        HttpContent part = given;
        if (finished) {
            part.release();
            return;
        }
        if (record.bytesSent + part.content().readableBytes() > mostBytes) {
            part.release();
            fail(new ProxyError.AnswerTooLarge("an answer of more than " + mostBytes + " bytes"));
            return;
        }
        if (encoder != null) {
            part = encoder.encode(part);
        }
        record.bytesSent += part.content().readableBytes();
        GrpcMessageCounter messages = record.responseMessages;
        if (messages != null) {
            messages.add(part.content());
        }
        boolean last = part instanceof LastHttpContent;
        if (last) {
            HttpHeaders trailers = ((LastHttpContent) part).trailingHeaders();
            record.responseTrailers = trailers.isEmpty() ? null : trailers;
        }
        downstream.content(part);
        if (last) {
            finish();
        }
    }

    public void flush() {
        downstream.flush();
    }

    /** Ends as a tunnel: what goes through is counted as what it is, the CONNECT is not. */
    public void tunnelled() {
        headSent = true;
        finished = true;
        services.counters().exchangeEnded();
        body.release();
    }

    /** Records a connection that has become something else (101); it ends with that. */
    public void switched(HttpResponse head) {
        headSent = true;
        record.status = head.status().code();
        record.responseHeaders = head.headers();
        finish();
    }

    /** Ends the exchange with an error: an answer if there was none yet, else a broken one. */
    public void fail(ProxyError error) {
        if (finished) {
            return;
        }
        ErrorAnswer answer = ErrorAnswer.of(error);
        record.flags = answer.flag();
        record.details = answer.details();
        if (answer.decidedBy() != null) {
            record.decidedBy = answer.decidedBy();
        }
        if (record.upstreamFailure.isEmpty()) {
            record.upstreamFailure = error.cause();
        }
        if (answer.status() == 0) {
            end();
        } else if (headSent) {
            downstream.abort();
            end();
        } else {
            LocalAnswer.send(this, error, answer);
        }
    }

    /** Ends it at once where the proxy has too much to do already; whether it did. */
    boolean isShed() {
        String why = services.overload().refusesRequest(services.counters().exchanges());
        if (why != null) {
            fail(new ProxyError.Overloaded(why));
        }
        return why != null;
    }

    /**
     * Ends with what the caller has done wrong, the caller being told otherwise than by an answer.
     */
    void refuse(String details, String cause) {
        if (!finished) {
            record.flags = "DPE";
            record.details = details;
            record.upstreamFailure = cause;
            end();
        }
    }

    private void end() {
        Work running = work;
        finish();
        if (running != null) {
            running.cancel();
        }
    }

    /** Sends an answer that was made here, with the details that the log shall tell. */
    public void answer(HttpResponse head, String text, String details) {
        record.details = details;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        if (bytes.length > 0 && !head.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
            head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        }
        Work running = work;
        head(head, bytes.length == 0 || method().equals("HEAD"));
        if (!finished) {
            content(new DefaultLastHttpContent(Unpooled.wrappedBuffer(bytes)));
        }
        downstream.flush();
        if (running != null) {
            running.cancel();
        }
    }

    /** A head for {@link #answer}. */
    public static HttpResponse newHead(int status) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    }

    private void finish() {
        if (finished) {
            return;
        }
        finished = true;
        record.durationNanos = record.elapsedNanos();
        services.log().finished(record);
        services.counters().exchangeEnded();
        body.release();
        if (encoder != null) {
            encoder.close();
        }
        if (onFinish != null) {
            onFinish.run();
        }
    }
}
