package io.weft.policy.source;

/** Who takes bundles. Thread-safe; returns at once. */
@FunctionalInterface
public interface BundleSink {

    /** What the source holds now; the same bundle may be offered again. */
    void offer(PolicyBundle bundle);
}
