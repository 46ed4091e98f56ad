package io.weft.blog.launcher.check;

/** What chance allows: three standard deviations of a binomial distribution. */
final class Share {

    private static final double SIGMAS = 3;

    private Share() {}

    static boolean plausible(int hits, int calls, double share) {
        return hits >= low(calls, share) && hits <= high(calls, share);
    }

    static String expected(int calls, double share) {
        return low(calls, share) + " to " + high(calls, share);
    }

    private static int low(int calls, double share) {
        return (int) Math.ceil(calls * share - spread(calls, share));
    }

    private static int high(int calls, double share) {
        return (int) Math.floor(calls * share + spread(calls, share));
    }

    private static double spread(int calls, double share) {
        return SIGMAS * Math.sqrt(calls * share * (1 - share));
    }
}
