package io.weft.dataplane;

/**
 * A destination that is bound to a local port, for applications that cannot use a proxy.
 *
 * @param destination {@code host:port}, lower case
 * @param localPort 0 takes a free port
 */
public record UpstreamBinding(String destination, int localPort) {}
