package io.weft.blog.launcher.telemetry;

/**
 * A finished span, as far as the demo looks at it.
 *
 * @param service the resource's {@code service.name}
 * @param traceId and the other ids in hex; the parent's is empty for a root
 */
public record Span(
        String service, String traceId, String spanId, String parentSpanId, String name) {}
