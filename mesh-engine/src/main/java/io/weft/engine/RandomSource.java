package io.weft.engine;

import io.weft.model.route.Fraction;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** Chance, injected so that tests can repeat it. {@link #system()} is thread-safe. */
@FunctionalInterface
public interface RandomSource {

    /** A uniform number from 0 to {@code bound - 1}; {@code bound} is at least 1. */
    long nextLong(long bound);

    /** As {@link #nextLong}. */
    default int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    /** True for the given share of calls. */
    default boolean hits(Fraction share) {
        int ppm = share.partsPerMillion();
        return ppm >= 1_000_000 || (ppm > 0 && nextLong(1_000_000) < ppm);
    }

    /** The calling thread's own generator. */
    static RandomSource system() {
        return bound -> ThreadLocalRandom.current().nextLong(bound);
    }

    /** The same sequence for the same seed; for one thread. */
    static RandomSource seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random::nextLong;
    }
}
