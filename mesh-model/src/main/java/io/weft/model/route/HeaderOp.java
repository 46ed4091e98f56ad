package io.weft.model.route;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One change of a header. Names are lower case; values may hold Envoy's {@code %OPERATORS%}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface HeaderOp {

    String name();

    /** Replaces every value. */
    record Set(String name, String value) implements HeaderOp {}

    /** Appends a value after those that are there. */
    record Add(String name, String value) implements HeaderOp {}

    record Remove(String name) implements HeaderOp {}
}
