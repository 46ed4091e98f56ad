package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.cluster.OutlierDetection;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A breaker, as Linkerd's annotations on a Service describe it.
 *
 * @param maxFailures in a row; 0 is off
 * @param successRate null in the mode {@code consecutive}
 */
record FailureAccrual(
        int maxFailures,
        Duration minPenalty,
        Duration maxPenalty,
        double jitterRatio,
        @Nullable SuccessRate successRate,
        Origin origin) {

    private static final String PREFIX = "balancer.linkerd.io/failure-accrual";
    private static final String CONSECUTIVE = PREFIX + "-consecutive-";
    private static final String RATE = "balancer.alpha.linkerd.io/failure-accrual-success-rate-";
    private static final Duration MIN_WINDOW = Duration.ofMillis(10);
    private static final int MOST_REQUESTS = 1_000_000;

    /** The dimension that {@code unified} adds. */
    record SuccessRate(double threshold, Duration window, int minRequests) {}

    /** Reads the annotations; empty when there is no breaker, or when they are wrong. */
    static Optional<FailureAccrual> read(Field annotations) {
        Field mode = annotations.get(PREFIX);
        String text = mode.loose().orElse("");
        boolean unified = text.equals("unified");
        if (!unified && !text.equals("consecutive")) {
            if (mode.isPresent()) {
                mode.error(
                        Code.INVALID_VALUE,
                        "'"
                                + text
                                + "': unsupported failure accrual mode (expected: consecutive,"
                                + " unified)",
                        "write consecutive");
            }
            return Optional.empty();
        }
        Optional<Integer> failures =
                whole(annotations.get(CONSECUTIVE + "max-failures"), 7, Integer.MAX_VALUE);
        Optional<Duration> least =
                duration(annotations.get(CONSECUTIVE + "min-penalty"), Duration.ofSeconds(1));
        Optional<Duration> most =
                duration(annotations.get(CONSECUTIVE + "max-penalty"), Duration.ofSeconds(60));
        Optional<Double> jitter =
                decimal(annotations.get(CONSECUTIVE + "jitter-ratio"), 0.5, 100.0);
        Optional<SuccessRate> rate = unified ? successRate(annotations) : Optional.empty();
        if (least.isPresent() && most.isPresent() && most.get().compareTo(least.get()) < 0) {
            Field wrong = annotations.get(CONSECUTIVE + "max-penalty");
            (wrong.isPresent() ? wrong : annotations.get(CONSECUTIVE + "min-penalty"))
                    .error(
                            Code.OUT_OF_RANGE,
                            LinkerdDuration.text(most.get())
                                    + " (expected: at least the min-penalty of "
                                    + LinkerdDuration.text(least.get())
                                    + ")",
                            "raise max-penalty, or lower min-penalty");
            return Optional.empty();
        }
        if (failures.isEmpty()
                || least.isEmpty()
                || most.isEmpty()
                || jitter.isEmpty()
                || unified && rate.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new FailureAccrual(
                        failures.get(),
                        least.get(),
                        most.get(),
                        jitter.get(),
                        rate.orElse(null),
                        mode.origin()));
    }

    private static Optional<SuccessRate> successRate(Field annotations) {
        Field windowField = annotations.get(RATE + "window");
        Field requestsField = annotations.get(RATE + "min-requests");
        Optional<Double> threshold = decimal(annotations.get(RATE + "threshold"), 0.8, 1.0);
        Optional<Duration> window = duration(windowField, Duration.ofSeconds(10));
        Optional<Integer> requests = whole(requestsField, 5, Integer.MAX_VALUE);
        if (threshold.isEmpty() || window.isEmpty() || requests.isEmpty()) {
            return Optional.empty();
        }
        // A threshold of 0 switches the dimension off: then its other settings do not matter.
        if (threshold.get() > 0) {
            String wrong =
                    window.get().isZero()
                            ? "success-rate-window must be greater than zero"
                            : window.get().compareTo(MIN_WINDOW) < 0
                                    ? "success-rate-window must be at least 10ms"
                                    : "";
            if (!wrong.isEmpty()) {
                windowField.error(Code.OUT_OF_RANGE, wrong, "write 10s");
                return Optional.empty();
            }
            if (requests.get() > MOST_REQUESTS) {
                requestsField.error(
                        Code.OUT_OF_RANGE,
                        requests.get() + " (expected: at most " + MOST_REQUESTS + ")",
                        "write a smaller number");
                return Optional.empty();
            }
        }
        return Optional.of(new SuccessRate(threshold.get(), window.get(), requests.get()));
    }

    private static Optional<Duration> duration(Field field, Duration otherwise) {
        return field.isPresent() ? LinkerdDuration.read(field) : Optional.of(otherwise);
    }

    private static Optional<Integer> whole(Field field, int otherwise, int most) {
        if (!field.isPresent()) {
            return Optional.of(otherwise);
        }
        String text = field.loose().orElse("").strip();
        try {
            int value = Integer.parseInt(text);
            if (value >= 0 && value <= most) {
                return Optional.of(value);
            }
        } catch (NumberFormatException e) {
            // Reported below, as every value that is out of range.
        }
        field.error(
                Code.OUT_OF_RANGE,
                "'" + text + "' (expected: a whole number, at least 0)",
                "write a whole number");
        return Optional.empty();
    }

    private static Optional<Double> decimal(Field field, double otherwise, double most) {
        if (!field.isPresent()) {
            return Optional.of(otherwise);
        }
        String text = field.loose().orElse("").strip();
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value <= most) {
                return Optional.of(value);
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        field.error(
                Code.OUT_OF_RANGE,
                "'" + text + "' (expected: between 0.0 and " + most + ")",
                "write a number such as " + otherwise);
        return Optional.empty();
    }

    /** Says what was understood: the defaults are not on the page. */
    void report(Field annotations) {
        Field mode = annotations.get(PREFIX);
        OutlierDetection.SuccessRate rate = rate();
        mode.info(
                Code.UNDERSTOOD,
                "an endpoint is ejected after "
                        + maxFailures
                        + " failures in a row"
                        + (rate == null
                                ? ""
                                : ", or when less than "
                                        + percent(rate.threshold())
                                        + " of at least "
                                        + rate.minRequests()
                                        + " requests within "
                                        + LinkerdDuration.text(rate.window())
                                        + " succeed,")
                        + " for "
                        + LinkerdDuration.text(minPenalty)
                        + " to "
                        + LinkerdDuration.text(maxPenalty)
                        + "; then one request is its probe");
    }

    /** A threshold of 0 switches it off. */
    private OutlierDetection.@Nullable SuccessRate rate() {
        return successRate == null || successRate.threshold() == 0
                ? null
                : new OutlierDetection.SuccessRate(
                        successRate.threshold(), successRate.window(), successRate.minRequests());
    }

    private static String percent(double share) {
        return Math.round(share * 1000) / 10.0 + " %";
    }

    /** The model's ejection; null when it is off. */
    @Nullable OutlierDetection outlier() {
        OutlierDetection.SuccessRate rate = rate();
        return maxFailures == 0 && rate == null
                ? null
                : new OutlierDetection(
                        maxFailures,
                        0,
                        minPenalty,
                        minPenalty,
                        100,
                        0,
                        rate,
                        new OutlierDetection.Probation(minPenalty, maxPenalty, jitterRatio),
                        origin);
    }
}
