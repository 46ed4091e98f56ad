package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parts of a Telemetry resource. */
final class TelemetryReader {

    /** Istio's default line. */
    static final String DEFAULT_LINE =
            "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
                    + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
                    + " %CONNECTION_TERMINATION_DETAILS%"
                    + " \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" %BYTES_RECEIVED% %BYTES_SENT%"
                    + " %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
                    + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\""
                    + " \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
                    + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS%"
                    + " %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";

    /** Where logs go, and in which form unless the resource says another. */
    record LogProvider(String destination, AccessLog.Format format) {}

    /** As Istio names them. */
    private enum WorkloadMode {
        UNDEFINED,
        CLIENT,
        SERVER,
        CLIENT_AND_SERVER
    }

    static final String STDOUT = "stdout";
    static final String OTEL = "otel";

    private final ExtensionProviders providers;

    TelemetryReader(ExtensionProviders providers) {
        this.providers = providers;
    }

    Object given() {
        return providers.given();
    }

    /** Null when nothing is said. */
    @Nullable List<LogRule> logs(Field list) {
        if (!list.isPresent()) {
            return null;
        }
        List<LogRule> rules = new ArrayList<>();
        for (Field item : list.items()) {
            Field filter = item.get("filter").get("expression");
            filter.text().ifPresent(text -> ExpressionCheck.filter(filter, text));
            boolean disabled = item.get("disabled").bool(false);
            List<Field> named = item.get("providers").items();
            if (named.isEmpty() && !disabled) {
                item.info(
                        Code.UNDERSTOOD,
                        "names no provider: it logs where the wider scope does, else to standard"
                                + " output");
            }
            rules.add(
                    new LogRule(
                            side(item.get("match").get("mode")),
                            disabled,
                            named.stream().map(name -> provider(name.get("name"))).toList(),
                            format(item.get("format")),
                            filter.text(""),
                            item.origin()));
        }
        return rules;
    }

    private static AccessLog.@Nullable Side side(Field mode) {
        return switch (mode.constant(WorkloadMode.class).orElse(WorkloadMode.UNDEFINED)) {
            case CLIENT -> AccessLog.Side.CLIENT;
            case SERVER -> AccessLog.Side.SERVER;
            case CLIENT_AND_SERVER, UNDEFINED -> null;
        };
    }

    static AccessLog.@Nullable Format format(Field format) {
        if (!format.isPresent()) {
            return null;
        }
        Field labels = format.get("labels");
        if (labels.isPresent()) {
            return new AccessLog.Format.Json(labels.texts());
        }
        String text = format.get("text").required();
        return new AccessLog.Format.Text(text);
    }

    /** Where a log goes whose provider is named; one that nobody declares is standard output. */
    LogProvider provider(Field name) {
        String text = name.required();
        LogProvider known = providers.log(text);
        if (known != null) {
            return known;
        }
        LogProvider otel = new LogProvider(OTEL, new AccessLog.Format.Text(DEFAULT_LINE));
        LogProvider stdout = new LogProvider(STDOUT, new AccessLog.Format.Text(DEFAULT_LINE));
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("otel") || lower.startsWith("opentelemetry")) {
            return otel;
        }
        if (!lower.equals("envoy") && !lower.equals(STDOUT) && !text.isEmpty()) {
            name.warn(
                    Code.DANGLING_REFERENCE,
                    "no provider '" + text + "' is declared; read as envoy (standard output)",
                    "declare it among the extensionProviders of the mesh configuration");
        }
        return stdout;
    }

    /** Null when nothing is said. */
    @Nullable List<TracingRule> tracing(Field list) {
        return list.isPresent() ? list.items().stream().map(TracingRule::read).toList() : null;
    }

    static List<Tracing.CustomTag> tags(Field customTags) {
        return TracingRule.tags(customTags);
    }

    /** Null when nothing is said. */
    @Nullable List<Metrics.Override> metrics(Field list) {
        if (!list.isPresent()) {
            return null;
        }
        List<Metrics.Override> overrides = new ArrayList<>();
        for (Field item : list.items()) {
            List<String> names =
                    item.get("providers").items().stream()
                            .map(provider -> provider.get("name").text(""))
                            .toList();
            item.get("reportingInterval")
                    .unsupported(
                            "metrics are scraped; over OTLP, weft.mesh.metrics.otlp-interval says how often they"
                                    + " are sent");
            List<Metrics.Override> own =
                    item.get("overrides").items().stream()
                            .map(MetricsRule::override)
                            .flatMap(Optional::stream)
                            .toList();
            if (names.isEmpty() || names.stream().anyMatch(providers::isPrometheus)) {
                overrides.addAll(own);
            } else {
                item.get("providers")
                        .warn(
                                Code.UNSUPPORTED_FIELD,
                                names
                                        + ": metrics are served to Prometheus and by OTLP, in one"
                                        + " form; changes for other providers alone have no effect",
                                "leave providers out, or name one of type prometheus");
            }
        }
        return overrides;
    }
}
