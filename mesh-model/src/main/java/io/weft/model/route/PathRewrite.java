package io.weft.model.route;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a path is changed before it is forwarded; the query is always kept. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface PathRewrite {

    /** The whole path. */
    record Full(String path) implements PathRewrite {}

    /**
     * The leading {@code matched} becomes {@code replacement}.
     *
     * @param bySegments whether slashes between replacement and rest are kept well-formed, as the
     *     Gateway API wants; false is Istio's plain string replacement
     */
    record Prefix(String matched, String replacement, boolean bySegments) implements PathRewrite {}

    /** RE2; {@code \1} in the substitution is the first group. */
    record Regex(String pattern, String substitution) implements PathRewrite {}
}
