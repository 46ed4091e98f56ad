package io.weft.model.telemetry;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.route.Fraction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spans.
 *
 * @param sampling share of requests without an incoming decision that are sampled
 * @param enabled false records nothing but still passes headers on
 * @param istioTags false leaves Istio's own tags out of spans; null otherwise
 */
public record Tracing(
        boolean enabled, Fraction sampling, List<CustomTag> tags, @Nullable Boolean istioTags) {

    public static final Tracing DEFAULT = new Tracing(true, Fraction.ofPercent(1), List.of());

    public Tracing {
        tags = List.copyOf(tags);
        istioTags = Boolean.FALSE.equals(istioTags) ? istioTags : null;
    }

    /** With Istio's tags. */
    public Tracing(boolean enabled, Fraction sampling, List<CustomTag> tags) {
        this(enabled, sampling, tags, null);
    }

    /** A tag that is added to spans. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    public sealed interface CustomTag {
        String name();

        record Literal(String name, String value) implements CustomTag {}

        record Header(String name, String header, String defaultValue) implements CustomTag {}

        record Environment(String name, String variable, String defaultValue)
                implements CustomTag {}

        /**
         * @param template with operators of the access log
         */
        record Formatted(String name, String template) implements CustomTag {}
    }
}
