package io.weft.benchmarks.proxy;

import java.io.IOException;

/** A proxy that can be put between load and backend, with one worker. */
public interface ProxyKind {

    String name();

    /** Its version, empty when it is not installed. */
    String version();

    /** Why it is not there; read when {@link #version} is empty. */
    String absence();

    /** Whether it can do what the scenario asks. */
    boolean supports(Scenario scenario);

    /** Whether it is compiled while it runs, and so wants long warming. */
    default boolean warmsSlowly() {
        return false;
    }

    /** Starts its process or its two processes; they need not serve yet. */
    RunningProxy start(Scenario scenario, Site site) throws IOException;
}
