package io.weft.model.telemetry;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.route.Fraction;
import java.util.List;

/**
 * Spans.
 *
 * @param sampling share of requests without an incoming decision that are sampled
 * @param enabled false records nothing but still passes headers on
 */
public record Tracing(boolean enabled, Fraction sampling, List<CustomTag> tags) {

    public static final Tracing DEFAULT = new Tracing(true, Fraction.ofPercent(1), List.of());

    public Tracing {
        tags = List.copyOf(tags);
    }

    /** A tag that is added to spans. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    public sealed interface CustomTag {
        String name();

        record Literal(String name, String value) implements CustomTag {}

        record Header(String name, String header, String defaultValue) implements CustomTag {}

        record Environment(String name, String variable, String defaultValue)
                implements CustomTag {}
    }
}
