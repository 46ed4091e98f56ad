package io.weft.model.match;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** A test of one string. Sizes and case rules are stated at each form. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface StringMatch {

    record Exact(String value, boolean ignoreCase) implements StringMatch {
        public Exact(String value) {
            this(value, false);
        }
    }

    /** A plain string prefix: {@code /foo} matches {@code /foobar}. */
    record Prefix(String value, boolean ignoreCase) implements StringMatch {
        public Prefix(String value) {
            this(value, false);
        }
    }

    record Suffix(String value, boolean ignoreCase) implements StringMatch {
        public Suffix(String value) {
            this(value, false);
        }
    }

    record Contains(String value, boolean ignoreCase) implements StringMatch {
        public Contains(String value) {
            this(value, false);
        }
    }

    /** An RE2 expression that must match the whole string. */
    record Regex(String pattern) implements StringMatch {}

    /** There and not empty. */
    record Present() implements StringMatch {}

    /** A prefix by path segments: {@code /foo} matches {@code /foo} and {@code /foo/x} only. */
    record PathPrefix(String value, boolean ignoreCase) implements StringMatch {
        public PathPrefix(String value) {
            this(value, false);
        }
    }

    /**
     * Istio's path template: {@code {*}} is one non-empty segment, {@code {**}} any number of
     * characters.
     */
    record PathTemplate(String template) implements StringMatch {}

    /** One of several, in no order. */
    record OneOf(List<StringMatch> alternatives) implements StringMatch {
        public OneOf {
            alternatives = List.copyOf(alternatives);
        }
    }
}
