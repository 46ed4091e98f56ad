package io.weft.compiler.dialect.consul.filter;

import java.util.Map;

/** The type of a value: what a structure lacks is a mistake, what a map lacks is nothing there. */
public sealed interface Schema {

    /** A structure with these fields. */
    record Struct(Map<String, Schema> fields) implements Schema {
        public Struct {
            fields = Map.copyOf(fields);
        }
    }

    /** A map from texts. */
    record MapOf(Schema of) implements Schema {}

    /** A list. */
    record ListOf(Schema of) implements Schema {}

    /** A single value. */
    enum Scalar implements Schema {
        STRING,
        BOOL,
        INTEGER,
        DECIMAL,
        /** Known only by its value. */
        ANY
    }
}
