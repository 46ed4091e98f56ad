package io.weft.dataplane.telemetry;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

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
    private volatile Directions directions;

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
        Compiled both = compile(tracing);
        this.directions = new Directions(both, both);
        this.random = random;
        this.environment = environment;
    }

    /** What is configured, with its tags ready. */
    private record Compiled(Tracing tracing, List<Tag> tags) {}

    private record Tag(String name, LogValue value) {}

    private record Directions(Compiled outbound, Compiled inbound) {

        Compiled of(boolean towardsUs) {
            return towardsUs ? inbound : outbound;
        }
    }

    /**
     * Checks that a configuration could be used.
     *
     * @throws IllegalArgumentException when it could not
     */
    void check(Telemetry telemetry) {
        compile(telemetry.tracing(false));
        compile(telemetry.tracing(true));
    }

    /**
     * Uses another configuration from the next exchange on.
     *
     * @throws IllegalArgumentException when it cannot be used; then nothing changes
     */
    public void update(Telemetry telemetry) {
        directions =
                new Directions(compile(telemetry.tracing(false)), compile(telemetry.tracing(true)));
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
        Tracing tracing = directions.of(inbound).tracing();
        Propagation.Extracted caller = Propagation.extract(in);
        if (!tracing.enabled() && caller.traceId().isEmpty()) {
            return TraceContext.NONE; // Nobody traces: what came, if anything, goes on as it is.
        }
        if (!caller.decided()) {
            caller = caller.decide(sample(tracing));
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

    private boolean sample(Tracing tracing) {
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
        Compiled current = directions.of(exchange.inbound());
        SpanTags.put(span, exchange);
        if (!Boolean.FALSE.equals(current.tracing().istioTags())) {
            SpanTags.putIstio(span, self);
        }
        for (Tag tag : current.tags()) {
            Object value = tag.value().of(exchange);
            String text = value == null ? "" : value.toString();
            if (!text.isEmpty()) {
                span.tag(tag.name(), SpanTags.cut(text));
            }
        }
        span.end();
    }

    private Compiled compile(Tracing tracing) {
        List<Tag> tags = new ArrayList<>();
        for (Tracing.CustomTag tag : tracing.tags()) {
            tags.add(new Tag(tag.name(), value(tag)));
        }
        return new Compiled(tracing, List.copyOf(tags));
    }

    private LogValue value(Tracing.CustomTag tag) {
        return switch (tag) {
            case Tracing.CustomTag.Literal(String name, String value) -> exchange -> value;
            case Tracing.CustomTag.Header(String name, String header, String fallback) ->
                    exchange -> {
                        List<String> values = exchange.requestHeaders().getAll(header);
                        return values.isEmpty() ? fallback : String.join(",", values);
                    };
            case Tracing.CustomTag.Environment(String name, String variable, String fallback) -> {
                String value = environment.getOrDefault(variable, fallback);
                yield exchange -> value;
            }
            case Tracing.CustomTag.Formatted(String name, String template) ->
                    LogTemplate.compile(template)::text;
        };
    }
}
