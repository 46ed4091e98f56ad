package io.weft.engine;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The only source of time for decisions. Thread-safe.
 *
 * <p>{@link #now()} is for what is compared with dates in certificates and tokens; {@link
 * #nanoTime()} never goes back and is for durations.
 */
public interface MeshClock {

    Instant now();

    /** Nanoseconds since some fixed instant; only differences mean something. */
    long nanoTime();

    /** The machine's own clock. */
    static MeshClock system() {
        return SystemMeshClock.INSTANCE;
    }

    /** The wall-clock half, for what wants an {@link InstantSource}. */
    default InstantSource instants() {
        return this::now;
    }
}
