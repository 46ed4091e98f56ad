package io.weft.dataplane.listener;

import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.RouteRunner;
import io.weft.dataplane.snapshot.InboundProgram;
import io.weft.dataplane.tcp.TcpExchange;
import io.weft.engine.authz.Permit;

/**
 * Hands requests and connections to the application. There is no way to call it for what was not
 * allowed: it asks for the permit.
 */
record AppForwarder(RouteRunner routes) {

    void forward(Permit permit, Exchange exchange, InboundProgram program) {
        routes.run(exchange, program.plan(), permit);
    }

    void forward(Permit permit, TcpExchange connection, InboundProgram program) {
        connection.forward(permit, program.application(), null);
    }
}
