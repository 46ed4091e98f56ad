package io.weft.model.telemetry;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.Origin;
import java.util.Map;

/**
 * One access log.
 *
 * @param provider where it goes: {@code stdout} or {@code otel}
 * @param filter a CEL expression, empty for every request
 */
public record AccessLog(String provider, Format format, String filter, Origin origin) {

    /** How a line looks; operators are Envoy's. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    public sealed interface Format {
        record Text(String template) implements Format {}

        record Json(Map<String, String> fields) implements Format {
            public Json {
                fields =
                        java.util.Collections.unmodifiableMap(
                                new java.util.LinkedHashMap<>(fields));
            }
        }
    }
}
