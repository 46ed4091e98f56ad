package io.weft.engine.match;

/** A compiled {@link io.weft.model.match.StringMatch}. Thread-safe, never throws. */
@FunctionalInterface
public interface StringPredicate {

    boolean test(String value);
}
