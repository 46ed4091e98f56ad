package io.weft.dataplane.config;

/** What takes a configuration into force. */
@FunctionalInterface
public interface ConfigSink {

    /**
     * Compiles the configuration and swaps it in; on failure the one in force stays. Called by one
     * thread at a time, never by an event loop.
     *
     * @throws IllegalArgumentException when it cannot be used; the message goes back to the control
     *     plane
     */
    void apply(ResourceSet resources);
}
