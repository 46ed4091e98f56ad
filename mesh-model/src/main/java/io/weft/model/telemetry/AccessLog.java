package io.weft.model.telemetry;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.Origin;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One access log.
 *
 * @param provider where it goes: {@code stdout} or {@code otel}
 * @param filter a CEL expression, empty for every request
 * @param side null logs calls of a proxy's own application (client) and to it (server)
 */
public record AccessLog(
        String provider, Format format, String filter, @Nullable Side side, Origin origin) {

    /** A side of a call. */
    public enum Side {
        CLIENT,
        SERVER
    }

    /** Of both sides. */
    public AccessLog(String provider, Format format, String filter, Origin origin) {
        this(provider, format, filter, null, origin);
    }

    /** The same for another side; null is both. */
    public AccessLog of(@Nullable Side other) {
        return new AccessLog(provider, format, filter, other, origin);
    }

    /** Whether exchanges of this side are logged. */
    public boolean includes(Side wanted) {
        return side == null || side == wanted;
    }

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
