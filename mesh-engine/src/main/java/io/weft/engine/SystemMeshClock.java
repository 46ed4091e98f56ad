package io.weft.engine;

import java.time.Instant;
import java.time.InstantSource;

/** The machine's clock. */
enum SystemMeshClock implements MeshClock {
    INSTANCE;

    private static final InstantSource WALL = InstantSource.system();

    @Override
    public Instant now() {
        return WALL.instant();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
