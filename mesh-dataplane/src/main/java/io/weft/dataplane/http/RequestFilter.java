package io.weft.dataplane.http;

/** A compiled filter of a route. */
@FunctionalInterface
interface RequestFilter {

    /**
     * Takes a request through the filter.
     *
     * @param chain what goes on later when the answer is {@link Step#LATER}
     */
    Step apply(Exchange exchange, FilterChain chain);

    /** How it goes on. */
    enum Step {
        /** With the next filter. */
        NEXT,
        /** The filter has answered. */
        ANSWERED,
        /** The filter will call {@link FilterChain#proceed}. */
        LATER
    }
}
