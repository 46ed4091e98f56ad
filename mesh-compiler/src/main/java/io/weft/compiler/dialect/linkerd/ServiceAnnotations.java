package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of a Service (or of a route) say of requests.
 *
 * @param retry null where nothing is said of it
 * @param timeouts {@link Timeouts#NONE} where nothing is said of them
 */
record ServiceAnnotations(@Nullable RetryPolicy retry, Timeouts timeouts, Origin origin) {

    private static final String RETRY = "retry.linkerd.io/";
    private static final String TIMEOUT = "timeout.linkerd.io/";
    private static final Duration BACK_OFF = Duration.ofMillis(25);
    private static final Duration BACK_OFF_MAX = Duration.ofMillis(250);

    /** Reads them; empty when there are none. */
    static Optional<ServiceAnnotations> read(Field annotations) {
        RetryPolicy retry = retry(annotations);
        Timeouts timeouts =
                new Timeouts(
                        shorter(
                                positive(annotations.get(TIMEOUT + "request")),
                                positive(annotations.get(TIMEOUT + "response"))),
                        positive(annotations.get(TIMEOUT + "idle")));
        if (retry == null && timeouts.equals(Timeouts.NONE)) {
            return Optional.empty();
        }
        Field first = annotations;
        for (String name : annotations.entries().keySet()) {
            if (name.startsWith(RETRY) || name.startsWith(TIMEOUT)) {
                first = annotations.get(name);
                break;
            }
        }
        return Optional.of(new ServiceAnnotations(retry, timeouts, first.origin()));
    }

    /** The model's time of a request counts from its end, as that of a response does. */
    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static @Nullable Duration positive(Field field) {
        return LinkerdDuration.read(field).filter(d -> !d.isZero()).orElse(null);
    }

    private static @Nullable RetryPolicy retry(Field annotations) {
        Field http = annotations.get(RETRY + "http");
        Field grpc = annotations.get(RETRY + "grpc");
        Field limit = annotations.get(RETRY + "limit");
        Field timeout = annotations.get(RETRY + "timeout");
        Set<Integer> statuses = new TreeSet<>();
        Set<RetryOn> on = EnumSet.noneOf(RetryOn.class);
        for (String part : http.loose().orElse("").split(",")) {
            statuses(http, part.strip(), statuses);
        }
        if (!statuses.isEmpty()) {
            on.add(RetryOn.RETRIABLE_STATUS_CODES);
        }
        for (String part : grpc.loose().orElse("").split(",")) {
            grpc(grpc, part.strip()).ifPresent(on::add);
        }
        Duration perTry = positive(timeout);
        if (on.isEmpty()) {
            for (Field alone : new Field[] {limit, timeout}) {
                if (alone.isPresent()) {
                    alone.warn(
                            Code.INEFFECTIVE_POLICY,
                            "nothing is retried: neither retry.linkerd.io/http nor grpc says what",
                            "add retry.linkerd.io/http: 5xx");
                }
            }
            return null;
        }
        String text = limit.loose().orElse("1");
        if (!text.matches("[0-9]{1,5}")) {
            limit.error(
                    Code.OUT_OF_RANGE,
                    "'" + text + "' (expected: a whole number)",
                    "write a whole number");
            text = "1";
        }
        return new RetryPolicy(
                Integer.parseInt(text),
                perTry,
                on,
                statuses,
                BACK_OFF,
                BACK_OFF_MAX,
                null,
                false,
                false,
                (http.isPresent() ? http : grpc).origin());
    }

    private static void statuses(Field field, String part, Set<Integer> into) {
        switch (part) {
            case "" -> {}
            case "5xx" -> add(500, 599, into);
            case "gateway-error" -> add(502, 504, into);
            default -> {
                if (part.matches("[1-5][0-9]{2}")) {
                    into.add(Integer.valueOf(part));
                } else if (part.matches("[1-5][0-9]{2}-[1-5][0-9]{2}")
                        && part.substring(0, 3).compareTo(part.substring(4)) <= 0) {
                    add(
                            Integer.parseInt(part.substring(0, 3)),
                            Integer.parseInt(part.substring(4)),
                            into);
                } else {
                    field.reportValue(part, "5xx, gateway-error, a status, or a range 500-504");
                }
            }
        }
    }

    private static void add(int from, int to, Set<Integer> into) {
        for (int status = from; status <= to; status++) {
            into.add(status);
        }
    }

    private static Optional<RetryOn> grpc(Field field, String part) {
        return switch (part) {
            case "" -> Optional.empty();
            case "cancelled" -> Optional.of(RetryOn.GRPC_CANCELLED);
            case "deadline-exceeded" -> Optional.of(RetryOn.GRPC_DEADLINE_EXCEEDED);
            case "internal" -> Optional.of(RetryOn.GRPC_INTERNAL);
            case "resource-exhausted" -> Optional.of(RetryOn.GRPC_RESOURCE_EXHAUSTED);
            case "unavailable" -> Optional.of(RetryOn.GRPC_UNAVAILABLE);
            default -> {
                field.reportValue(
                        part,
                        "cancelled, deadline-exceeded, internal, resource-exhausted, unavailable");
                yield Optional.empty();
            }
        };
    }
}
