package io.weft.compiler.dialect.consul.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A filter as a tree. Immutable. */
public sealed interface Expression {

    /** What is compared. */
    record Selector(boolean pointer, List<String> path) {
        public Selector {
            path = List.copyOf(path);
        }

        @Override
        public String toString() {
            return pointer ? "\"/" + String.join("/", path) + '"' : String.join(".", path);
        }
    }

    /** How it is compared; {@code contains} is {@code in} the other way round. */
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        IN,
        NOT_IN,
        IS_EMPTY,
        IS_NOT_EMPTY,
        MATCHES,
        NOT_MATCHES,
        IS_NIL,
        IS_NOT_NIL;

        /** Whether it holds of what is not there. */
        boolean holdsOfNothing() {
            return switch (this) {
                case NOT_EQUAL, NOT_IN, IS_EMPTY, NOT_MATCHES, IS_NIL -> true;
                case EQUAL, IN, IS_NOT_EMPTY, MATCHES, IS_NOT_NIL -> false;
            };
        }
    }

    /**
     * A comparison.
     *
     * @param value null for operators that take none
     */
    record Comparison(Selector selector, Operator operator, @Nullable String value)
            implements Expression {}

    record Not(Expression operand) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    /**
     * A condition on every or on any item of a list or map.
     *
     * @param index name of an item's index or key where two names are given, else empty
     * @param item name of the item, or of a map's key where one name is given; {@code _} for none
     */
    record Quantified(boolean all, Selector selector, String index, String item, Expression inner)
            implements Expression {}
}
