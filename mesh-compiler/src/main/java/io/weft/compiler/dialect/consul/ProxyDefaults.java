package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.dialect.consul.chain.ServiceSettings;
import io.weft.compiler.yaml.Field;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code ProxyDefaults}: what holds for all proxies unless a service says otherwise.
 *
 * @param nearestFirst whether nearer instances come first
 * @param telemetry null where nothing is said of access logs
 */
record ProxyDefaults(
        ServiceSettings settings,
        boolean nearestFirst,
        @Nullable MtlsSetting mtls,
        @Nullable Telemetry telemetry) {

    private static final String GLOBAL = "global";

    /** Consul's own line, as Envoy's operators. */
    private static final Map<String, String> FIELDS = fields();

    /** Reads the one named {@code global}; null for any other, which is reported. */
    static @Nullable ProxyDefaults read(Field root, boolean permissiveAllowed) {
        Field spec = root.get("spec");
        Field config = spec.get("config");
        ServiceSettings own = ServiceDefaults.settings(spec);
        ServiceSettings settings =
                new ServiceSettings(
                        protocol(config),
                        "",
                        own.meshGateway(),
                        own.dialedDirectly(),
                        Map.of(),
                        own.extensions());
        ResolverReader.failoverPolicy(spec.get("failoverPolicy"));
        spec.get("expose")
                .unsupported("probes reach the application's own port, or the sidecar's 15021");
        spec.get("mode").unsupported("how traffic is captured is decided where pods are injected");
        spec.get("envoyExtensions").unsupported("there is no Envoy to extend");
        ProxyDefaults read =
                new ProxyDefaults(
                        settings,
                        ResolverReader.nearestFirst(spec.get("prioritizeByLocality")),
                        MutualTls.read(spec.get("mutualTLSMode"), permissiveAllowed),
                        logs(spec.get("accessLogs")));
        if (!root.resource().name().equals(GLOBAL)) {
            root.error(
                    Code.INVALID_VALUE,
                    "'" + root.resource().name() + "' (expected: global)",
                    "name it global: there is one ProxyDefaults");
            return null;
        }
        return read;
    }

    private static String protocol(Field config) {
        String protocol = "";
        for (Map.Entry<String, Field> entry : config.entries().entrySet()) {
            Field field = entry.getValue();
            switch (entry.getKey()) {
                case "protocol" -> {
                    protocol = field.text("");
                    if (!Set.of("tcp", "http", "http2", "grpc").contains(protocol)) {
                        field.reportValue(protocol, "tcp, http, http2, grpc");
                    }
                }
                case "local_request_timeout_ms", "local_connect_timeout_ms" ->
                        field.unsupported("callers bound their requests by requestTimeout");
                case "max_inbound_connections",
                        "balance_inbound_connections",
                        "balance_outbound_connections" ->
                        field.unsupported("connections of callers are not counted or balanced");
                case "envoy_prometheus_bind_addr" ->
                        field.unsupported("metrics are at /stats/prometheus of port 15090");
                case "envoy_tracing_json", "envoy_extra_static_clusters_json" ->
                        field.unsupported("spans go where the sidecar's OTLP settings say");
                case "envoy_dogstatsd_url", "envoy_statsd_url", "envoy_stats_tags" ->
                        field.unsupported("metrics are pulled by Prometheus");
                default ->
                        field.unsupported(
                                entry.getKey().startsWith("envoy_")
                                        ? "there is no Envoy to configure"
                                        : "no setting of a proxy of this mesh");
            }
        }
        return protocol;
    }

    private static @Nullable Telemetry logs(Field logs) {
        if (!logs.isPresent()) {
            return null;
        }
        logs.get("disableListenerLogs").bool(false);
        String type = logs.get("type").text("stdout");
        if (!Set.of("", "stdout", "stderr", "file").contains(type)) {
            logs.get("type").reportValue(type, "stdout, stderr, file");
        } else if (type.equals("stderr") || type.equals("file")) {
            logs.get("type")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            "'" + type + "' is read as stdout",
                            "let the cluster collect what containers print");
        }
        logs.get("path").accept();
        String json = logs.get("jsonFormat").text("");
        String text = logs.get("textFormat").text("");
        if (!json.isEmpty() && !text.isEmpty()) {
            logs.error(Code.CONTRADICTION, "both jsonFormat and textFormat", "keep one of the two");
        }
        if (!logs.get("enabled").bool(false)) {
            return new Telemetry(List.of(), Tracing.DEFAULT, Metrics.DEFAULT);
        }
        AccessLog.Format format =
                !text.isEmpty()
                        ? new AccessLog.Format.Text(text.endsWith("\n") ? text : text + "\n")
                        : new AccessLog.Format.Json(
                                json.isEmpty() ? FIELDS : JsonLine.read(logs.get("jsonFormat")));
        return new Telemetry(
                List.of(new AccessLog("stdout", format, "", logs.origin())),
                Tracing.DEFAULT,
                Metrics.DEFAULT);
    }

    private static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("start_time", "%START_TIME%");
        fields.put("route_name", "%ROUTE_NAME%");
        fields.put("method", "%REQ(:METHOD)%");
        fields.put("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%");
        fields.put("protocol", "%PROTOCOL%");
        fields.put("response_code", "%RESPONSE_CODE%");
        fields.put("response_flags", "%RESPONSE_FLAGS%");
        fields.put("response_code_details", "%RESPONSE_CODE_DETAILS%");
        fields.put("connection_termination_details", "%CONNECTION_TERMINATION_DETAILS%");
        fields.put("bytes_received", "%BYTES_RECEIVED%");
        fields.put("bytes_sent", "%BYTES_SENT%");
        fields.put("duration", "%DURATION%");
        fields.put("upstream_service_time", "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%");
        fields.put("x_forwarded_for", "%REQ(X-FORWARDED-FOR)%");
        fields.put("user_agent", "%REQ(USER-AGENT)%");
        fields.put("request_id", "%REQ(X-REQUEST-ID)%");
        fields.put("authority", "%REQ(:AUTHORITY)%");
        fields.put("upstream_host", "%UPSTREAM_HOST%");
        fields.put("upstream_cluster", "%UPSTREAM_CLUSTER%");
        return java.util.Collections.unmodifiableMap(fields);
    }
}
