package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.weft.engine.match.StringMatchers;
import io.weft.engine.match.StringPredicate;
import io.weft.model.route.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cross-origin resource sharing (the Fetch standard), as Envoy answers it. */
final class CorsFilter implements RequestFilter {

    private final Filter.Cors cors;
    private final List<StringPredicate> origins;
    private final String methods;
    private final String headers;
    private final String exposed;

    CorsFilter(Filter.Cors cors) {
        this.cors = cors;
        this.origins = cors.allowOrigins().stream().map(StringMatchers::compile).toList();
        this.methods = String.join(",", cors.allowMethods());
        this.headers = String.join(",", cors.allowHeaders());
        this.exposed = String.join(",", cors.exposeHeaders());
    }

    @Override
    public Step apply(Exchange exchange, FilterChain chain) {
        String origin = exchange.request().headers().get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return Step.NEXT;
        }
        boolean allowed = origins.stream().anyMatch(o -> o.test(origin));
        if (Filters.isPreflight(exchange)) {
            if (allowed) {
                exchange.record().decidedBy(cors.origin());
                exchange.answer(preflight(exchange, origin), "", "cors_response");
                return Step.ANSWERED;
            }
            if (!cors.forwardUnmatchedPreflights()) {
                exchange.record().decidedBy(cors.origin());
                exchange.answer(Exchange.newHead(200), "", "cors_response");
                return Step.ANSWERED;
            }
        }
        if (allowed) {
            exchange.change((x, head) -> grant(head.headers(), origin));
        }
        return Step.NEXT;
    }

    private HttpResponse preflight(Exchange exchange, String origin) {
        HttpHeaders asked = exchange.request().headers();
        HttpResponse head = Exchange.newHead(200);
        HttpHeaders out = head.headers();
        allow(out, origin);
        set(
                out,
                "access-control-allow-methods",
                named(methods, asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)));
        set(
                out,
                "access-control-allow-headers",
                named(headers, asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS)));
        set(out, "access-control-expose-headers", exposed);
        if (cors.maxAge() != null) {
            out.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, cors.maxAge().toSeconds());
        }
        return head;
    }

    /** With credentials a star is no wildcard to browsers: then it is what was asked for. */
    private String named(String allowed, @Nullable String asked) {
        return allowed.equals("*") && cors.allowCredentials() && asked != null ? asked : allowed;
    }

    private void grant(HttpHeaders out, String origin) {
        allow(out, origin);
        set(out, "access-control-expose-headers", exposed);
    }

    private void allow(HttpHeaders out, String origin) {
        out.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if (cors.allowCredentials()) {
            out.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }

    private static void set(HttpHeaders out, String name, String value) {
        if (!value.isEmpty()) {
            out.set(name, value);
        }
    }
}
