package io.weft.benchmarks.load;

/**
 * Where requests go.
 *
 * @param port on 127.0.0.1
 * @param http2 with prior knowledge, else HTTP/1.1 with keep-alive
 * @param authority what requests carry as {@code Host} or {@code :authority}
 */
public record Target(int port, boolean http2, String authority, String path) {}
