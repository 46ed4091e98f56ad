package io.weft.dataplane.http;

import java.util.List;

/** Takes one request through its filters, in order. Used on its event loop only. */
final class FilterChain {

    private final Exchange exchange;
    private final List<RequestFilter> filters;
    private final Runnable then;
    private int next;

    private FilterChain(Exchange exchange, List<RequestFilter> filters, Runnable then) {
        this.exchange = exchange;
        this.filters = filters;
        this.then = then;
    }

    static void run(Exchange exchange, List<RequestFilter> filters, Runnable then) {
        if (filters.isEmpty()) {
            then.run();
        } else {
            new FilterChain(exchange, filters, then).proceed();
        }
    }

    /** Goes on behind the filter that asked for time. */
    void proceed() {
        while (next < filters.size()) {
            if (exchange.finished()) {
                return;
            }
            if (filters.get(next++).apply(exchange, this) != RequestFilter.Step.NEXT) {
                return;
            }
        }
        then.run();
    }
}
