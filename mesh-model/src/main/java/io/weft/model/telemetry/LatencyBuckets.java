package io.weft.model.telemetry;

/**
 * The buckets in which sidecars report latencies: two for each doubling, from a quarter of a
 * millisecond to about two minutes. A percentile read from them is at most 41 % too high, never too
 * low. Stateless.
 */
public final class LatencyBuckets {

    /** How many there are; the last one has no upper bound. */
    public static final int COUNT = 40;

    private static final double FIRST_MILLIS = 0.25;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long[] BOUNDS = bounds();

    private LatencyBuckets() {}

    private static long[] bounds() {
        long[] bounds = new long[COUNT - 1];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = Math.round(upperMillis(i) * NANOS_PER_MILLI);
        }
        return bounds;
    }

    /** The bucket of a duration. */
    public static int index(long nanos) {
        int low = 0;
        int high = BOUNDS.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (nanos <= BOUNDS[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * The upper bound of a bucket in milliseconds; of the last one, twice that of its neighbour.
     */
    public static double upperMillis(int index) {
        return FIRST_MILLIS * Math.pow(2, index / 2.0);
    }

    /**
     * The latency below which so many of the counted requests were, in milliseconds; 0 when there
     * were none.
     *
     * @param counts by bucket, {@link #COUNT} of them
     * @param quantile between 0 and 1
     */
    public static double percentile(long[] counts, double quantile) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return 0;
        }
        long rank = Math.max(1, (long) Math.ceil(total * quantile));
        int bucket = 0;
        for (long seen = counts[0]; seen < rank; seen += counts[bucket]) {
            bucket++;
        }
        return upperMillis(bucket);
    }
}
