package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.RetryOn;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** Envoy's {@code x-envoy-retry-on} list; numbers are statuses. */
record RetryOnText(Set<RetryOn> conditions, Set<Integer> statuses) {

    static RetryOnText read(Field field) {
        String text = field.loose().orElse("");
        if (text.isBlank()) {
            return new RetryOnText(MeshDefaults.RETRY_ON, Set.of());
        }
        Set<RetryOn> conditions = EnumSet.noneOf(RetryOn.class);
        Set<Integer> statuses = new TreeSet<>();
        for (String part : text.split(",")) {
            String word = part.strip();
            if (word.matches("[1-5][0-9][0-9]")) {
                statuses.add(Integer.valueOf(word));
                conditions.add(RetryOn.RETRIABLE_STATUS_CODES);
            } else if (!word.isEmpty()) {
                RetryOn condition = parse(word);
                if (condition == null) {
                    field.reportValue(
                            word, "5xx, gateway-error, reset, connect-failure, … or a status");
                } else {
                    conditions.add(condition);
                }
            }
        }
        return new RetryOnText(conditions, statuses);
    }

    private static @org.jspecify.annotations.Nullable RetryOn parse(String word) {
        return switch (word) {
            case "5xx" -> RetryOn.FIVE_XX;
            case "gateway-error" -> RetryOn.GATEWAY_ERROR;
            case "reset" -> RetryOn.RESET;
            case "reset-before-request" -> RetryOn.RESET_BEFORE_REQUEST;
            case "connect-failure" -> RetryOn.CONNECT_FAILURE;
            case "retriable-4xx" -> RetryOn.RETRIABLE_4XX;
            case "refused-stream" -> RetryOn.REFUSED_STREAM;
            case "retriable-status-codes" -> RetryOn.RETRIABLE_STATUS_CODES;
            case "cancelled" -> RetryOn.GRPC_CANCELLED;
            case "deadline-exceeded" -> RetryOn.GRPC_DEADLINE_EXCEEDED;
            case "internal" -> RetryOn.GRPC_INTERNAL;
            case "resource-exhausted" -> RetryOn.GRPC_RESOURCE_EXHAUSTED;
            case "unavailable" -> RetryOn.GRPC_UNAVAILABLE;
            case "envoy-ratelimited" -> RetryOn.ENVOY_RATELIMITED;
            default -> null;
        };
    }
}
