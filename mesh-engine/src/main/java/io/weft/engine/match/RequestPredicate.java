package io.weft.engine.match;

import io.weft.engine.RequestFacts;

/**
 * A compiled {@link io.weft.model.match.Match}. Thread-safe; never throws, allocates next to
 * nothing.
 */
@FunctionalInterface
public interface RequestPredicate {

    RequestPredicate ALWAYS = facts -> true;
    RequestPredicate NEVER = facts -> false;

    boolean test(RequestFacts facts);
}
