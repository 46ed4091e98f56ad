package io.weft.policy.traffic;

import java.util.Map;

/**
 * The golden signals of some time.
 *
 * @param requests that ended; for TCP connections
 * @param errors 5xx, no answer, or a gRPC status other than OK, without the denied
 * @param denied 401 and 403, or gRPC's PERMISSION_DENIED and UNAUTHENTICATED
 * @param retries attempts beyond the first
 * @param opened TCP connections that were opened
 * @param received bytes from callers
 * @param sent bytes to callers
 * @param rate requests per second
 * @param p50 milliseconds, as are the others; read from buckets, at most 41 % too high
 * @param ends how many ended how: {@code 200}, {@code 503 UH}, {@code 200 grpc 14}
 */
public record Numbers(
        long requests,
        long errors,
        long denied,
        long retries,
        long opened,
        long received,
        long sent,
        double rate,
        double p50,
        double p95,
        double p99,
        Map<String, Long> ends) {}
