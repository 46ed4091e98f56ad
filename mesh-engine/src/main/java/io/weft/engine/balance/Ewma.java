package io.weft.engine.balance;

/**
 * An exponentially weighted moving average over time, as Linkerd keeps it. Not thread-safe. Empty
 * is infinite.
 */
final class Ewma {

    private final double decayNanos;
    private double value;
    private long at;

    /**
     * @param decayNanos after this time a value counts 1/e; less than a millisecond counts as one
     */
    Ewma(long decayNanos, double initial, long at) {
        this.decayNanos = Math.max(decayNanos, 1_000_000);
        this.value = initial;
        this.at = at;
    }

    double get() {
        return value;
    }

    /** What the average would be if nothing had happened until then; the past is as now. */
    double getAt(long time) {
        return time - at <= 0 || Double.isInfinite(value) ? value : value * decay(time);
    }

    /** Adds a sample; one that is not newer than the last is ignored. */
    void add(double sample, long time) {
        if (Double.isInfinite(value)) {
            reset(sample, time);
        } else if (time - at > 0) {
            double keep = decay(time);
            reset(value * keep + sample * (1 - keep), time);
        }
    }

    /** Adds a sample; one above the average replaces it. */
    void addPeak(double sample, long time) {
        if (sample > getAt(time) || Double.isInfinite(value)) {
            reset(sample, time);
        } else {
            add(sample, time);
        }
    }

    void reset(double newValue, long time) {
        value = newValue;
        at = time;
    }

    private double decay(long time) {
        return Math.exp(-(time - at) / decayNanos);
    }
}
