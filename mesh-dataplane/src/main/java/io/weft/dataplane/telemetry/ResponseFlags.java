package io.weft.dataplane.telemetry;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Envoy's response flags as the number that {@code response.flags} is in expressions: one bit each.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators">
 *     RESPONSE_FLAGS</a>
 */
final class ResponseFlags {

    private static final Map<String, Integer> BITS =
            Map.ofEntries(
                    Map.entry("LH", 0),
                    Map.entry("UH", 1),
                    Map.entry("UT", 2),
                    Map.entry("LR", 3),
                    Map.entry("UR", 4),
                    Map.entry("UF", 5),
                    Map.entry("UC", 6),
                    Map.entry("UO", 7),
                    Map.entry("NR", 8),
                    Map.entry("DI", 9),
                    Map.entry("FI", 10),
                    Map.entry("RL", 11),
                    Map.entry("UAEX", 12),
                    Map.entry("RLSE", 13),
                    Map.entry("DC", 14),
                    Map.entry("URX", 15),
                    Map.entry("SI", 16),
                    Map.entry("IH", 17),
                    Map.entry("DPE", 18),
                    Map.entry("UMSDR", 19),
                    Map.entry("RFCF", 20),
                    Map.entry("NFCF", 21),
                    Map.entry("DT", 22),
                    Map.entry("UPE", 23),
                    Map.entry("NC", 24),
                    Map.entry("OM", 25),
                    Map.entry("DF", 26),
                    Map.entry("DO", 27),
                    Map.entry("DR", 28));

    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("UH", "NoHealthyUpstream"),
                    Map.entry("UT", "UpstreamRequestTimeout"),
                    Map.entry("LR", "LocalReset"),
                    Map.entry("UR", "UpstreamRemoteReset"),
                    Map.entry("UF", "UpstreamConnectionFailure"),
                    Map.entry("UC", "UpstreamConnectionTermination"),
                    Map.entry("UO", "UpstreamOverflow"),
                    Map.entry("NR", "NoRouteFound"),
                    Map.entry("DI", "DelayInjected"),
                    Map.entry("FI", "FaultInjected"),
                    Map.entry("RL", "RateLimited"),
                    Map.entry("UAEX", "UnauthorizedExternalService"),
                    Map.entry("RLSE", "RateLimitServiceError"),
                    Map.entry("DC", "DownstreamConnectionTermination"),
                    Map.entry("URX", "UpstreamRetryLimitExceeded"),
                    Map.entry("SI", "StreamIdleTimeout"),
                    Map.entry("IH", "InvalidEnvoyRequestHeaders"),
                    Map.entry("DPE", "DownstreamProtocolError"),
                    Map.entry("UMSDR", "UpstreamMaxStreamDurationReached"),
                    Map.entry("NFCF", "NoFilterConfigFound"),
                    Map.entry("DT", "DurationTimeout"),
                    Map.entry("UPE", "UpstreamProtocolError"),
                    Map.entry("NC", "NoClusterFound"),
                    Map.entry("OM", "OverloadManagerTerminated"));

    private ResponseFlags() {}

    /** In words, {@code -} for none. */
    static String names(String flags) {
        return Arrays.stream(flags.split(",", -1))
                .map(flag -> NAMES.getOrDefault(flag, flag))
                .collect(Collectors.joining(","));
    }

    /** 0 for none. */
    static long bits(String flags) {
        if (flags.equals("-")) {
            return 0;
        }
        long bits = 0;
        for (String flag : flags.split(",", -1)) {
            Integer bit = BITS.get(flag);
            bits |= bit == null ? 0 : 1L << bit;
        }
        return bits;
    }
}
