package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.Fraction;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /** Null when nothing is said; of several items the later wins, field by field. */
    Telemetries.@Nullable TracingSpec tracing(Field list) {
        if (!list.isPresent()) {
            return null;
        }
        Boolean disabled = null;
        Fraction sampling = null;
        List<Tracing.CustomTag> tags = null;
        for (Field item : list.items()) {
            // Spans go where the proxy's OTLP exporter is pointed; the name only documents it.
            item.get("providers").items().forEach(p -> p.get("name").text());
            item.get("match").accept();
            item.get("useRequestIdForTraceSampling").accept();
            item.get("enableIstioTags").accept();
            item.get("disableContextPropagation").unsupported("trace headers are always passed on");
            Field off = item.get("disableSpanReporting");
            if (off.isPresent()) {
                disabled = off.bool(false);
            }
            Field percentage = item.get("randomSamplingPercentage");
            if (percentage.isPresent()) {
                sampling = Fraction.ofPercent(percentage.number(0, 100).orElse(0));
            }
            if (item.get("customTags").isPresent()) {
                tags = tags(item.get("customTags"));
            }
        }
        return new Telemetries.TracingSpec(disabled, sampling, tags);
    }

    static List<Tracing.CustomTag> tags(Field customTags) {
        List<Tracing.CustomTag> tags = new ArrayList<>();
        customTags
                .entries()
                .forEach((name, tag) -> {
                    Field literal = tag.get("literal");
                    Field header = tag.get("header");
                    Field environment = tag.get("environment");
                    tag.get("formatter").unsupported("formatters are not evaluated");
                    if (literal.isPresent()) {
                        tags.add(
                                new Tracing.CustomTag.Literal(name, literal.get("value").text("")));
                    } else if (header.isPresent()) {
                        tags.add(
                                new Tracing.CustomTag.Header(
                                        name,
                                        header.get("name").required().toLowerCase(Locale.ROOT),
                                        header.get("defaultValue").text("")));
                    } else if (environment.isPresent()) {
                        tags.add(
                                new Tracing.CustomTag.Environment(
                                        name,
                                        environment.get("name").required(),
                                        environment.get("defaultValue").text("")));
                    }
                });
        return tags;
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
            item.get("reportingInterval").unsupported("metrics are scraped, not pushed");
            List<Metrics.Override> own =
                    item.get("overrides").items().stream().map(TelemetryReader::override).toList();
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

    private static Metrics.Override override(Field override) {
        Field match = override.get("match");
        String custom = match.get("customMetric").text("");
        List<Metrics.TagChange> tags = new ArrayList<>();
        override.get("tagOverrides").entries().forEach((name, tag) -> tags.add(tag(name, tag)));
        return new Metrics.Override(
                custom.isEmpty() ? match.get("metric").text("ALL_METRICS") : custom,
                match.get("mode").text("CLIENT_AND_SERVER"),
                // What is not said leaves the metric as a wider scope has it.
                override.has("disabled") ? override.get("disabled").bool(false) : null,
                tags,
                override.origin());
    }

    private static Metrics.TagChange tag(String name, Field tag) {
        String operation = tag.get("operation").text("UPSERT");
        String value = tag.get("value").text("");
        if (operation.equals("REMOVE")) {
            return new Metrics.TagChange(name, "");
        }
        if (value.isEmpty()) {
            tag.get("value").reportMissing();
        }
        String upper = value.toUpperCase(Locale.ROOT);
        if (upper.contains("REQUEST_HEADERS")
                || upper.contains("REQUEST_ID")
                || upper.contains("REQUEST.HEADERS")) {
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
