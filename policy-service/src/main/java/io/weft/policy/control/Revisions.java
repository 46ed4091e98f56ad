package io.weft.policy.control;

import java.time.Instant;

/**
 * Numbers of publications. They start from the clock, so they grow over restarts, too; a stored
 * floor keeps them growing when the clock has gone back.
 */
final class Revisions {

    private long last;

    Revisions(Instant now, long floor) {
        this.last = Math.max(now.toEpochMilli(), floor);
    }

    long next() {
        return ++last;
    }

    /** All of one width, so that their order as texts is their order. */
    static String text(long revision) {
        return "%015d".formatted(revision);
    }

    /** As {@link #text}; empty for 0, which stands for none. */
    static String textOrEmpty(long revision) {
        return revision == 0 ? "" : text(revision);
    }
}
