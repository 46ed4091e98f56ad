package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code HTTPFaultInjection}. */
final class FaultReader {

    private static final Map<String, Integer> GRPC_STATUS =
            Map.ofEntries(
                    Map.entry("OK", 0),
                    Map.entry("CANCELLED", 1),
                    Map.entry("UNKNOWN", 2),
                    Map.entry("INVALID_ARGUMENT", 3),
                    Map.entry("DEADLINE_EXCEEDED", 4),
                    Map.entry("NOT_FOUND", 5),
                    Map.entry("ALREADY_EXISTS", 6),
                    Map.entry("PERMISSION_DENIED", 7),
                    Map.entry("RESOURCE_EXHAUSTED", 8),
                    Map.entry("FAILED_PRECONDITION", 9),
                    Map.entry("ABORTED", 10),
                    Map.entry("OUT_OF_RANGE", 11),
                    Map.entry("UNIMPLEMENTED", 12),
                    Map.entry("INTERNAL", 13),
                    Map.entry("UNAVAILABLE", 14),
                    Map.entry("DATA_LOSS", 15),
                    Map.entry("UNAUTHENTICATED", 16));

    private FaultReader() {}

    static void read(Field fault, List<Filter> filters) {
        Field delay = fault.get("delay");
        if (delay.isPresent()) {
            Field fixed = delay.get("fixedDelay");
            if (!fixed.isPresent()) {
                fixed.reportMissing();
            }
            delay.get("exponentialDelay").unsupported("only fixedDelay delays");
            fixed.duration()
                    .ifPresent(duration ->
                            filters.add(
                                    new Filter.Delay(
                                            duration, share(delay), Match.ALWAYS, delay.origin())));
        }
        Field abort = fault.get("abort");
        if (abort.isPresent()) {
            Integer grpc = grpcStatus(abort.get("grpcStatus"));
            abort.get("http2Error").unsupported("only httpStatus and grpcStatus abort");
            Field status = abort.get("httpStatus");
            if (grpc == null && !status.isPresent()) {
                status.reportMissing();
            }
            filters.add(
                    new Filter.Abort(
                            grpc == null ? status.integer(200, 599, 503) : 200,
                            grpc,
                            share(abort),
                            Match.ALWAYS,
                            abort.origin()));
        }
    }

    private static @Nullable Integer grpcStatus(Field field) {
        String text = field.text("");
        if (text.isEmpty()) {
            return null;
        }
        Integer status = GRPC_STATUS.get(text.toUpperCase(Locale.ROOT));
        if (status == null) {
            field.reportValue(text, "a gRPC status name such as UNAVAILABLE");
        }
        return status;
    }

    /** Without a percentage every request is hit. */
    private static Fraction share(Field fault) {
        Field old = fault.get("percent");
        if (old.isPresent()) {
            old.warn(Code.LEGACY_FIELD, "read as percentage.value", "write percentage: {value: …}");
            return Fraction.ofPercent(old.integer(0, 100, 100));
        }
        return Fractions.percent(fault.get("percentage"), Fraction.ALL);
    }
}
