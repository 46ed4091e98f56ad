package io.weft.compiler.dialect.weft;

import io.weft.compiler.yaml.Field;
import io.weft.model.route.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the rules of a {@code RequestPolicy}, in the order in which they are applied. */
final class RequestRules {

    private static final int MAX_CONCURRENCY = 1_000_000;
    private static final List<String> ALGORITHMS = List.of("br", "gzip", "deflate");
    private static final List<String> CONTENT_TYPES =
            List.of(
                    "text/*",
                    "application/json",
                    "application/javascript",
                    "application/xml",
                    "application/problem+json",
                    "image/svg+xml");
    private static final int COMPRESSED_FROM = 1024;
    private static final int MAX_HEDGED = 5;

    private RequestRules() {}

    static List<Filter> read(Field spec) {
        List<Filter> filters = new ArrayList<>();
        sizes(spec, filters);
        for (Field limit : spec.get("rateLimits").items()) {
            filters.add(rateLimit(limit));
        }
        Field concurrency = spec.get("concurrency");
        if (concurrency.isPresent()) {
            int min = concurrency.get("min").integer(1, MAX_CONCURRENCY, 4);
            int max = concurrency.get("max").integer(min, MAX_CONCURRENCY, Math.max(min, 1000));
            filters.add(new Filter.Concurrency(min, max, concurrency.origin()));
        }
        Field compression = spec.get("compression");
        if (compression.isPresent()) {
            filters.add(compression(compression));
        }
        Field hedging = spec.get("hedging");
        if (hedging.isPresent()) {
            filters.add(hedge(hedging));
        }
        return filters;
    }

    private static Filter hedge(Field hedging) {
        Field after = hedging.get("delay");
        Duration delay = after.duration().orElse(Duration.ZERO);
        if (!after.isPresent()) {
            after.reportMissing();
        } else if (delay.isZero() || delay.isNegative()) {
            after.reportValue(after.text(""), "above 0");
        }
        return new Filter.Hedge(
                delay.isZero() || delay.isNegative() ? Duration.ofSeconds(1) : delay,
                hedging.get("maxAttempts").integer(2, MAX_HEDGED, 2),
                hedging.origin());
    }

    private static void sizes(Field spec, List<Filter> filters) {
        Field request = spec.get("maxRequestBytes");
        Field response = spec.get("maxResponseBytes");
        if (request.isPresent() || response.isPresent()) {
            filters.add(
                    new Filter.SizeLimit(
                            bytes(request),
                            bytes(response),
                            request.isPresent() ? request.origin() : response.origin()));
        }
    }

    private static long bytes(Field field) {
        return (long) field.number(1, Long.MAX_VALUE >> 1).orElse(0);
    }

    private static Filter rateLimit(Field limit) {
        if (limit.get("requests").integer(1, Integer.MAX_VALUE).isEmpty()
                && !limit.get("requests").isPresent()) {
            limit.get("requests").reportMissing();
        }
        int requests = limit.get("requests").integer(1, Integer.MAX_VALUE, 1);
        Duration per = limit.get("per").duration().orElse(Duration.ofSeconds(1));
        if (per.isZero() || per.isNegative()) {
            limit.get("per").reportValue(per.toString(), "above 0");
            per = Duration.ofSeconds(1);
        }
        int burst = limit.get("burst").integer(1, Integer.MAX_VALUE, requests);
        String key = key(limit.get("by"));
        if (!choice(limit.get("scope"), "local", "global")) {
            return new Filter.LocalRateLimit(requests, per, burst, key, limit.origin());
        }
        String name =
                limit.resource().namespace()
                        + "/"
                        + limit.resource().name()
                        + "/"
                        + limit.get("name").text(requests + "-" + per.toMillis());
        return new Filter.GlobalRateLimit(
                name,
                requests,
                per,
                burst,
                key,
                !choice(limit.get("whenUnavailable"), "allow", "deny"),
                limit.origin());
    }

    /** True for the second. */
    private static boolean choice(Field field, String first, String second) {
        String text = field.text(first);
        if (!text.equals(first) && !text.equals(second)) {
            field.reportValue(text, first + ", " + second);
        }
        return text.equals(second);
    }

    private static String key(Field by) {
        String text = by.text("");
        if (text.isEmpty()) {
            return "";
        }
        if (text.equals("principal")) {
            return ":principal";
        }
        if (text.startsWith("header:") && text.length() > "header:".length()) {
            return text.substring("header:".length()).toLowerCase(Locale.ROOT);
        }
        by.reportValue(text, "principal, or header:NAME");
        return "";
    }

    private static Filter compression(Field field) {
        List<String> algorithms = field.get("algorithms").textItems();
        for (String algorithm : algorithms) {
            if (!ALGORITHMS.contains(algorithm)) {
                field.get("algorithms").reportValue(algorithm, String.join(", ", ALGORITHMS));
            }
        }
        List<String> types = field.get("contentTypes").textItems();
        return new Filter.Compression(
                algorithms.isEmpty() ? List.of("br", "gzip") : algorithms,
                field.get("minBytes").integer(0, Integer.MAX_VALUE, COMPRESSED_FROM),
                types.isEmpty() ? CONTENT_TYPES : types,
                field.origin());
    }
}
