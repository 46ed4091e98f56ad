package io.weft.testkit.echo;

import io.weft.model.AppProtocol;

/**
 * A port of an echo application.
 *
 * @param port the workload's port, as policies write it; reports and faults do not depend on it
 * @param address what it listens on, at a free port
 * @param serverFirst whether a TCP port sends a greeting before it is asked
 */
public record EchoPort(
        String name, int port, AppProtocol protocol, String address, boolean serverFirst) {}
