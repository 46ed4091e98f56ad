package io.weft.dataplane.http;

import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.weft.model.route.Filter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides whether and how an answer is compressed (RFC 9110 §8.4, §12.5.3). */
final class CompressionFilter implements RequestFilter {

    private final Filter.Compression config;
    private final List<String> algorithms;

    CompressionFilter(Filter.Compression config) {
        this.config = config;
        this.algorithms =
                config.algorithms().stream()
                        .filter(name -> !name.equals("br") || Brotli.isAvailable())
                        .toList();
    }

    @Override
    public Step apply(Exchange exchange, FilterChain chain) {
        if (!exchange.method().equals("HEAD") && !exchange.grpc()) {
            exchange.compression(this);
        }
        return Step.NEXT;
    }

    /** What encodes the answer's body, whose head is changed then; null leaves it as it is. */
    @Nullable AnswerEncoder begin(Exchange exchange, HttpResponse head) {
        HttpHeaders headers = head.headers();
        if (!isEligible(head)) {
            return null;
        }
        // Whatever becomes of this one: another caller may get another form.
        headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        String algorithm = accepted(exchange.header("accept-encoding"));
        if (algorithm == null) {
            return null;
        }
        headers.set(HttpHeaderNames.CONTENT_ENCODING, algorithm);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.remove(HttpHeaderNames.ACCEPT_RANGES);
        String tag = headers.get(HttpHeaderNames.ETAG);
        if (tag != null && !tag.startsWith("W/")) {
            headers.set(HttpHeaderNames.ETAG, "W/" + tag);
        }
        return AnswerEncoder.of(algorithm);
    }

    private boolean isEligible(HttpResponse head) {
        HttpHeaders headers = head.headers();
        int status = head.status().code();
        if (status < 200 || status == 204 || status == 206 || status == 304) {
            return false;
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        String control = headers.get(HttpHeaderNames.CACHE_CONTROL);
        return !headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                && (control == null || !control.contains("no-transform"))
                && (length == null || SizeFilter.isMore(length, config.minBytes() - 1L))
                && isWanted(headers.get(HttpHeaderNames.CONTENT_TYPE));
    }

    private boolean isWanted(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end))
                        .strip()
                        .toLowerCase(Locale.ROOT);
        if (type.equals("text/event-stream")) {
            return false; // Each event is waited for.
        }
        for (String wanted : config.contentTypes()) {
            boolean fits =
                    wanted.endsWith("/*")
                            ? type.startsWith(wanted.substring(0, wanted.length() - 1))
                            : type.equals(wanted);
            if (fits) {
                return true;
            }
        }
        return false;
    }

    /** The first of ours that the caller takes; one that it gives no weight is not taken. */
    private @Nullable String accepted(@Nullable String acceptEncoding) {
        if (acceptEncoding == null) {
            return null;
        }
        for (String algorithm : algorithms) {
            for (String entry : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
                String[] parts = entry.split(";");
                String name = parts[0].strip();
                boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
                if (!refused && (name.equals(algorithm) || name.equals("*"))) {
                    return algorithm;
                }
            }
        }
        return null;
    }
}
