package io.weft.blog.launcher.mesh;

import io.weft.blog.launcher.topology.ProxySpec;
import java.nio.file.Path;
import java.time.Duration;

/** Runs the sidecars and the gateway. Thread-safe. */
public interface MeshHost extends AutoCloseable {

    /** Starts a proxy; returns when its ports are bound. */
    void start(ProxySpec proxy);

    /** Ends a proxy, as a deployment does before it starts the next. */
    void stop(ProxySpec proxy);

    /** Whether the proxy has taken a configuration into force in the given time. */
    boolean awaitConfigured(ProxySpec proxy, Duration patience) throws InterruptedException;

    /** Where the proxy keeps its identity and its last good configuration. */
    Path stateDir(ProxySpec proxy);

    /** Where the proxy writes its access log. */
    Path accessLog(ProxySpec proxy);

    @Override
    void close();
}
