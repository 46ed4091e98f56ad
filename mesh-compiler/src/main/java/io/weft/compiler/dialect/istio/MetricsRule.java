package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.telemetry.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code overrides} of a Telemetry resource's {@code metrics}. */
final class MetricsRule {

    private static final String ALL = "ALL_METRICS";
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /** The names that a custom metric has in Istio's configuration of Envoy. */
    private static final Map<String, String> BY_CUSTOM_NAME =
            Map.of(
                    "requests_total", "REQUEST_COUNT",
                    "request_duration_milliseconds", "REQUEST_DURATION",
                    "request_bytes", "REQUEST_SIZE",
                    "response_bytes", "RESPONSE_SIZE",
                    "request_messages_total", "GRPC_REQUEST_MESSAGES",
                    "response_messages_total", "GRPC_RESPONSE_MESSAGES",
                    "tcp_connections_opened_total", "TCP_OPENED_CONNECTIONS",
                    "tcp_connections_closed_total", "TCP_CLOSED_CONNECTIONS",
                    "tcp_sent_bytes_total", "TCP_SENT_BYTES",
                    "tcp_received_bytes_total", "TCP_RECEIVED_BYTES");

    private MetricsRule() {}

    /** Empty when it is about a metric that this mesh has not. */
    static Optional<Metrics.Override> override(Field override) {
        Field match = override.get("match");
        Field mode = match.get("mode");
        String side = mode.text("CLIENT_AND_SERVER");
        if (!Set.of("CLIENT", "SERVER", "CLIENT_AND_SERVER", "UNDEFINED").contains(side)) {
            mode.reportValue(side, "CLIENT, SERVER, CLIENT_AND_SERVER");
        }
        Optional<String> metric = metric(match);
        Field disabled = override.get("disabled");
        Boolean off = disabled.isPresent() ? disabled.bool(false) : null;
        List<Metrics.TagChange> tags = new ArrayList<>();
        override.get("tagOverrides").entries().forEach((name, tag) -> tags.add(tag(name, tag)));
        return metric.map(name ->
                new Metrics.Override(
                        name,
                        side.equals("UNDEFINED") ? "CLIENT_AND_SERVER" : side,
                        off,
                        tags,
                        override.origin()));
    }

    private static Optional<String> metric(Field match) {
        Field custom = match.get("customMetric");
        Field metric = match.get("metric");
        if (custom.isPresent()) {
            String name = custom.text("").replaceFirst("^istio_", "");
            if (!BY_CUSTOM_NAME.containsKey(name)) {
                custom.warn(
                        Code.UNSUPPORTED_FIELD,
                        "'"
                                + name
                                + "' is no metric of this mesh: what is said of it changes nothing",
                        "name one of " + BY_CUSTOM_NAME.keySet().stream().sorted().toList());
            }
            return Optional.ofNullable(BY_CUSTOM_NAME.get(name));
        }
        String name = metric.text(ALL);
        if (!name.equals(ALL) && !BY_CUSTOM_NAME.containsValue(name)) {
            metric.reportValue(
                    name,
                    ALL
                            + ", "
                            + String.join(
                                    ", ", BY_CUSTOM_NAME.values().stream().sorted().toList()));
        }
        return Optional.of(name);
    }

    private static Metrics.TagChange tag(String name, Field tag) {
        Field operation = tag.get("operation");
        String wanted = operation.text("UPSERT");
        if (!Set.of("UPSERT", "REMOVE").contains(wanted)) {
            operation.reportValue(wanted, "UPSERT, REMOVE");
        }
        if (!LABEL.matcher(name).matches() || name.startsWith("__")) {
            tag.error(
                    Code.INVALID_VALUE,
                    "'" + name + "' cannot be a label in Prometheus",
                    "use letters, digits and _, not beginning with a digit or __");
        }
        String value = tag.get("value").text("");
        if (wanted.equals("REMOVE")) {
            return new Metrics.TagChange(name, "");
        }
        if (value.isEmpty()) {
            tag.get("value").reportMissing();
        }
        String upper = value.toUpperCase(Locale.ROOT);
        if (upper.contains("REQUEST_HEADERS")
                || upper.contains("REQUEST_ID")
                || upper.contains("REQUEST.HEADERS")
                || upper.contains("REQUEST.ID")
                || upper.contains("REQ(")) {
            tag.get("value")
                    .warn(
                            Code.UNBOUNDED_TAG,
                            "'"
                                    + value
                                    + "' is taken from requests: past "
                                    + Metrics.DEFAULT.maxTagValues()
                                    + " different values the tag becomes 'other'",
                            "use a tag with few values, or a trace tag");
        }
        return new Metrics.TagChange(name, value);
    }
}
