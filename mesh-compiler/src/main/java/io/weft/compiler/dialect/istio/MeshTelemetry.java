package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.route.Fraction;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.StatSelection;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the mesh configuration says of logs, traces and metrics. Of several the first that says
 * something holds. For one compilation.
 */
final class MeshTelemetry {

    private final ExtensionProviders providers;
    private Optional<Fraction> sampling = Optional.empty();
    private Optional<List<Tracing.CustomTag>> tags = Optional.empty();
    private List<AccessLog> accessLogs = List.of();
    private StatSelection stats = StatSelection.NONE;
    private boolean traced = true;

    MeshTelemetry(ExtensionProviders providers) {
        this.providers = providers;
    }

    /** Reads a MeshConfig. */
    void read(Field mesh) {
        traced = traced && mesh.get("enableTracing").bool(true);
        accessLog(mesh);
        Field defaults = mesh.get("defaultProviders");
        defaultLogs(defaults.get("accessLogging"));
        // Metrics are always served, and spans go where the proxy's exporter is pointed.
        defaults.get("metrics").accept();
        defaults.get("tracing").accept();
    }

    /** Providers that log where no Telemetry resource names some. */
    private void defaultLogs(Field names) {
        List<AccessLog> logs = new ArrayList<>();
        TelemetryReader reader = new TelemetryReader(providers);
        for (Field name : names.items()) {
            TelemetryReader.LogProvider provider = reader.provider(name);
            logs.add(new AccessLog(provider.destination(), provider.format(), "", name.origin()));
        }
        if (accessLogs.isEmpty()) {
            accessLogs = logs;
        }
    }

    /** Reads its {@code defaultConfig}. */
    void proxyConfig(Field proxy) {
        Field tracing = proxy.get("tracing");
        tracing.get("sampling")
                .number(0, 100)
                .ifPresent(p -> sampling = sampling.or(() -> Optional.of(Fraction.ofPercent(p))));
        if (tracing.get("customTags").isPresent()) {
            List<Tracing.CustomTag> read = TelemetryReader.tags(tracing.get("customTags"));
            tags = tags.or(() -> Optional.of(read));
        }
        TracerSettings.ofProxy(tracing);
        Field matcher = proxy.get("proxyStatsMatcher");
        if (matcher.isPresent()) {
            StatSelection selection = StatsMatchers.read(matcher);
            stats = stats.equals(StatSelection.NONE) ? selection : stats;
        }
    }

    /** What holds where no Telemetry resource says more. */
    Telemetry defaults() {
        return new Telemetry(
                accessLogs,
                new Tracing(
                        traced,
                        sampling.orElse(Tracing.DEFAULT.sampling()),
                        tags.orElse(List.of())),
                new Metrics(List.of(), Metrics.DEFAULT.maxTagValues(), stats));
    }

    private void accessLog(Field mesh) {
        String file = mesh.get("accessLogFile").text("");
        String line = mesh.get("accessLogFormat").text("");
        String encoding = mesh.get("accessLogEncoding").text("TEXT");
        if (file.isEmpty() || !accessLogs.isEmpty()) {
            return;
        }
        if (!file.equals("/dev/stdout")) {
            mesh.get("accessLogFile")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            "'" + file + "': access logs go to standard output",
                            "write /dev/stdout");
        }
        AccessLog.Format format =
                encoding.equals("JSON")
                        ? new AccessLog.Format.Json(Map.of())
                        : new AccessLog.Format.Text(
                                line.isEmpty() ? TelemetryReader.DEFAULT_LINE : line);
        accessLogs =
                List.of(
                        new AccessLog(
                                TelemetryReader.STDOUT,
                                format,
                                "",
                                mesh.get("accessLogFile").origin()));
    }
}
