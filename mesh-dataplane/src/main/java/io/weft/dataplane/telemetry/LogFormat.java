package io.weft.dataplane.telemetry;

import io.weft.model.telemetry.AccessLog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a record of the access log looks: lines of text, or one JSON object a line. */
sealed interface LogFormat {

    /** Istio's default line. */
    String DEFAULT_TEXT =
            "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
                    + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
                    + " %CONNECTION_TERMINATION_DETAILS%"
                    + " \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" %BYTES_RECEIVED% %BYTES_SENT%"
                    + " %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
                    + " \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\""
                    + " \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
                    + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS%"
                    + " %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";

    /** Appends the record with its line end. */
    void appendTo(StringBuilder out, ExchangeView exchange);

    /** Whether the record is the same when it is made later, by another thread. */
    boolean settled();

    /** The fields of a JSON format that have a value, texts and numbers; none of a text. */
    default Map<String, Object> fields(ExchangeView exchange) {
        return Map.of();
    }

    /**
     * Compiles a format; an empty one is Istio's default.
     *
     * @throws IllegalArgumentException when it cannot be used
     */
    static LogFormat compile(AccessLog.Format format) {
        return switch (format) {
            case AccessLog.Format.Text(String template) ->
                    new Text(
                            LogTemplate.compile(
                                    template.isEmpty()
                                            ? DEFAULT_TEXT
                                            : template.endsWith("\n")
                                                    ? template
                                                    : template + "\n"));
            case AccessLog.Format.Json(Map<String, String> fields) -> Json.compile(fields);
        };
    }

    /** Text: the template as it is, also when it has several lines. */
    record Text(LogTemplate template) implements LogFormat {
        @Override
        public boolean settled() {
            return template.settled();
        }

        @Override
        public void appendTo(StringBuilder out, ExchangeView exchange) {
            template.appendTo(out, exchange);
        }
    }

    /** JSON: a field that is one operator alone keeps its type, null included. */
    record Json(Map<String, LogTemplate> fields) implements LogFormat {

        @Override
        public boolean settled() {
            return fields.values().stream().allMatch(LogTemplate::settled);
        }

        static Json compile(Map<String, String> given) {
            Map<String, LogTemplate> fields = new LinkedHashMap<>();
            (given.isEmpty() ? defaultFields() : given)
                    .forEach((key, template) -> fields.put(key, LogTemplate.compile(template)));
            return new Json(fields);
        }

        private static Map<String, String> defaultFields() {
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
            fields.put("upstream_cluster", "%UPSTREAM_CLUSTER_RAW%");
            fields.put("upstream_local_address", "%UPSTREAM_LOCAL_ADDRESS%");
            fields.put("downstream_local_address", "%DOWNSTREAM_LOCAL_ADDRESS%");
            fields.put("downstream_remote_address", "%DOWNSTREAM_REMOTE_ADDRESS%");
            fields.put("requested_server_name", "%REQUESTED_SERVER_NAME%");
            fields.put("upstream_transport_failure_reason", "%UPSTREAM_TRANSPORT_FAILURE_REASON%");
            return fields;
        }

        @Override
        public void appendTo(StringBuilder out, ExchangeView exchange) {
            char separator = '{';
            for (Map.Entry<String, LogTemplate> field : fields.entrySet()) {
                out.append(separator);
                separator = ',';
                quote(out, field.getKey());
                out.append(':');
                LogValue single = field.getValue().single();
                if (single != null) {
                    value(out, single.of(exchange));
                } else {
                    quote(out, field.getValue().text(exchange));
                }
            }
            out.append(separator == '{' ? "{}\n" : "}\n");
        }

        @Override
        public Map<String, Object> fields(ExchangeView exchange) {
            Map<String, Object> values = new LinkedHashMap<>();
            fields.forEach((name, template) -> {
                LogValue single = template.single();
                Object value = single == null ? template.text(exchange) : single.of(exchange);
                if (value != null) {
                    values.put(
                            name,
                            value instanceof Number number
                                    ? Long.valueOf(number.longValue())
                                    : value.toString());
                }
            });
            return values;
        }

        private static void value(StringBuilder out, @Nullable Object value) {
            if (value == null || value instanceof Number) {
                out.append(value);
            } else {
                quote(out, value.toString());
            }
        }

        private static void quote(StringBuilder out, CharSequence text) {
            out.append('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    out.append('\\').append(c);
                } else if (LogTemplate.isControl(c) || Character.isSurrogate(c)) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
            out.append('"');
        }
    }
}
