package io.weft.dataplane.config;

import io.weft.model.catalog.Registration;

/** Feeds a {@link ConfigSink}: from the control plane's stream, from a file, or from a test. */
public interface ConfigSource extends AutoCloseable {

    /**
     * Starts feeding the sink; returns at once. What is on disk is applied first, then what comes.
     */
    void start(ConfigSink sink);

    /**
     * Asks for the routes of a destination ({@code host:port}, lower case). They arrive through the
     * sink, as routes or as an unknown host. Idempotent, never blocks; may be called by event
     * loops.
     */
    void want(String hostAndPort);

    /** Tells the control plane who this is; again when readiness changes. Never blocks. */
    void register(Registration registration);

    /** Whether the source is in touch with where the configuration comes from, for health. */
    SourceStatus status();

    @Override
    void close();
}
