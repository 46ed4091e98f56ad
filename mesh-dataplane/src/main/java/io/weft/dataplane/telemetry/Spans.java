package io.weft.dataplane.telemetry;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.telemetry.Tracing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in traces: reads who called, decides on sampling where nobody has, passes the context
 * on, and records a span for each sampled exchange through a Micrometer {@link Tracer}. What is not
 * sampled costs a header look-up and at most one header. Thread-safe.
 */
public final class Spans {

    private static final int PARTS_PER_MILLION = 1_000_000;

    private final Tracer tracer;
    private final LocalWorkload self;
    private final IntUnaryOperator random;
    private final Map<String, String> environment;
    private volatile Tracing tracing;

    /**
     * @param tracer {@link Tracer#NOOP} passes contexts on without recording
     */
    public Spans(Tracer tracer, LocalWorkload self, Tracing tracing) {
        this(
                tracer,
                self,
                tracing,
                bound -> ThreadLocalRandom.current().nextInt(bound),
                System.getenv());
    }

    Spans(
            Tracer tracer,
            LocalWorkload self,
            Tracing tracing,
            IntUnaryOperator random,
            Map<String, String> environment) {
        this.tracer = tracer;
        this.self = self;
        this.tracing = tracing;
        this.random = random;
        this.environment = environment;
    }

    /** Uses another configuration from the next exchange on. */
    public void update(Tracing next) {
        tracing = next;
    }

    /**
     * Starts an exchange: makes {@code x-request-id} when it is missing, and puts the context that
     * the next hop shall continue into the headers.
     *
     * @param in the request's headers; changed
     */
    public TraceContext start(HttpHeaders in, boolean inbound) {
        if (!in.contains(RequestIds.HEADER)) {
            in.set(RequestIds.HEADER, RequestIds.next());
        }
        Propagation.Extracted caller = Propagation.extract(in);
        if (!tracing.enabled() && caller.traceId().isEmpty()) {
            return TraceContext.NONE; // Nobody traces: what came, if anything, goes on as it is.
        }
        if (!caller.decided()) {
            caller = caller.decide(sample());
        }
        if (!caller.sampled() || !tracing.enabled()) {
            return passOn(in, caller);
        }
        Span span = open(caller, inbound);
        if (span.isNoop()) {
            return passOn(in, caller);
        }
        String traceId = span.context().traceId();
        String spanId = span.context().spanId();
        Propagation.inject(in, traceId, spanId, caller.spanId(), true, caller);
        return new TraceContext(traceId, spanId, caller.spanId(), true, span);
    }

    private boolean sample() {
        int share = tracing.enabled() ? tracing.sampling().partsPerMillion() : 0;
        return share > 0 && random.applyAsInt(PARTS_PER_MILLION) < share;
    }

    /** An existing context goes on as it came; a new one says that the decision was made. */
    private static TraceContext passOn(HttpHeaders in, Propagation.Extracted caller) {
        if (!caller.traceId().isEmpty() && caller.unchanged()) {
            return new TraceContext(caller.traceId(), caller.spanId(), "", caller.sampled(), null);
        }
        String traceId = caller.traceId().isEmpty() ? RequestIds.hex(32) : caller.traceId();
        String spanId = caller.spanId().isEmpty() ? RequestIds.hex(16) : caller.spanId();
        Propagation.inject(in, traceId, spanId, "", caller.sampled(), caller);
        return new TraceContext(traceId, spanId, "", caller.sampled(), null);
    }

    private Span open(Propagation.Extracted caller, boolean inbound) {
        Span.Builder builder =
                tracer.spanBuilder().kind(inbound ? Span.Kind.SERVER : Span.Kind.CLIENT);
        if (caller.traceId().isEmpty()) {
            builder.setNoParent();
        } else {
            builder.setParent(
                    tracer.traceContextBuilder()
                            .traceId(caller.traceId())
                            .spanId(caller.spanId())
                            .sampled(true)
                            .build());
        }
        return builder.start();
    }

    /** Ends the span of an exchange, if there is one. */
    void finished(ExchangeView exchange) {
        Span span = exchange.trace().span();
        if (span == null) {
            return;
        }
        SpanTags.put(span, exchange, self);
        for (Tracing.CustomTag tag : tracing.tags()) {
            String value = custom(tag, exchange);
            if (value != null && !value.isEmpty()) {
                span.tag(tag.name(), value);
            }
        }
        span.end();
    }

    private @Nullable String custom(Tracing.CustomTag tag, ExchangeView exchange) {
        return switch (tag) {
            case Tracing.CustomTag.Literal(String name, String value) -> value;
            case Tracing.CustomTag.Header(String name, String header, String fallback) -> {
                List<String> values = exchange.requestHeaders().getAll(header);
                yield values.isEmpty() ? fallback : String.join(",", values);
            }
            case Tracing.CustomTag.Environment(String name, String variable, String fallback) ->
                    environment.getOrDefault(variable, fallback);
        };
    }
}
