package io.weft.dataplane.http;

/** What is done with the requests of a listener. Called on event loops; never blocks. */
@FunctionalInterface
public interface ExchangeHandler {

    void handle(Exchange exchange);
}
