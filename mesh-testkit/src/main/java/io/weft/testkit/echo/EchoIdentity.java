package io.weft.testkit.echo;

/** Which workload an echo application plays. */
public record EchoIdentity(String workload, String namespace, String version, int replica) {}
