package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's command operators, by name.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators">
 *     Command operators</a>
 */
final class LogOperators {

    private static final double NANOS_PER_MILLI = 1e6;

    private static final Map<String, LogValue> PLAIN =
            Map.ofEntries(
                    Map.entry("PROTOCOL", e -> e.http() ? e.protocol() : null),
                    Map.entry("RESPONSE_CODE", e -> (long) e.status()),
                    Map.entry("RESPONSE_CODE_DETAILS", e -> text(e.responseCodeDetails())),
                    Map.entry("RESPONSE_FLAGS", e -> text(e.responseFlags())),
                    Map.entry("BYTES_RECEIVED", e -> e.bytesReceived()),
                    Map.entry("BYTES_SENT", e -> e.bytesSent()),
                    Map.entry("DURATION", e -> millis(e.durationNanos())),
                    Map.entry("RESPONSE_DURATION", e -> serviceTime(e)),
                    Map.entry("UPSTREAM_CLUSTER", e -> text(e.upstreamCluster())),
                    Map.entry("UPSTREAM_CLUSTER_RAW", e -> text(e.upstreamCluster())),
                    Map.entry("UPSTREAM_TRANSPORT_FAILURE_REASON", e -> text(e.upstreamFailure())),
                    Map.entry("UPSTREAM_REQUEST_ATTEMPT_COUNT", e -> (long) e.attempts()),
                    Map.entry("REQUESTED_SERVER_NAME", e -> text(e.sni())),
                    Map.entry("ROUTE_NAME", e -> text(e.routeName())),
                    Map.entry("TRACE_ID", e -> text(e.traceId())),
                    Map.entry("SPAN_ID", e -> text(e.spanId())),
                    Map.entry("DOWNSTREAM_PEER_URI_SAN", e -> uri(e.peer())),
                    Map.entry(
                            "DOWNSTREAM_LOCAL_URI_SAN",
                            e ->
                                    e.inbound() && e.mutualTls()
                                            ? uri(e.destination().identity())
                                            : null),
                    Map.entry(
                            "UPSTREAM_PEER_URI_SAN",
                            e -> e.inbound() ? null : uri(e.destination().identity())),
                    Map.entry(
                            "GRPC_STATUS_NUMBER", e -> e.grpcStatus() < 0 ? null : e.grpcStatus()),
                    Map.entry("CONNECTION_ID", e -> text(e.connectionId())),
                    Map.entry(
                            "CONNECTION_TERMINATION_DETAILS",
                            e -> e.http() ? null : dashed(e.responseCodeDetails())),
                    Map.entry("RESPONSE_FLAGS_LONG", e -> ResponseFlags.names(e.responseFlags())),
                    Map.entry("REQUEST_HEADERS_BYTES", e -> size(e.requestHeaders())),
                    Map.entry("RESPONSE_HEADERS_BYTES", e -> size(e.responseHeaders())),
                    Map.entry("RESPONSE_TRAILERS_BYTES", e -> size(e.responseTrailers())),
                    Map.entry("UNIQUE_ID", e -> RequestIds.next()),
                    Map.entry(
                            "UPSTREAM_HOST_NAME_WITHOUT_PORT",
                            e ->
                                    e.upstreamAddress() instanceof InetSocketAddress a
                                            ? a.getHostString()
                                            : null),
                    Map.entry("WEFT_DECIDED_BY", e -> origin(e.decidedBy())));

    private static final Map<String, Function<ExchangeView, @Nullable SocketAddress>> ADDRESSES =
            Map.of(
                    "UPSTREAM_REMOTE", ExchangeView::upstreamAddress,
                    "UPSTREAM_LOCAL", ExchangeView::upstreamLocal,
                    "DOWNSTREAM_REMOTE", ExchangeView::downstreamRemote,
                    "DOWNSTREAM_DIRECT_REMOTE", ExchangeView::downstreamRemote,
                    "DOWNSTREAM_LOCAL", ExchangeView::downstreamLocal);

    /**
     * Operators that exist in Envoy and have nothing to say here: there are no filters with a state
     * or metadata of their own, and times within a request are not taken.
     */
    private static final Set<String> ALWAYS_EMPTY =
            Set.of(
                    "STREAM_ID",
                    "VIRTUAL_CLUSTER_NAME",
                    "REQUEST_DURATION",
                    "REQUEST_TX_DURATION",
                    "RESPONSE_TX_DURATION",
                    "COMMON_DURATION",
                    "DOWNSTREAM_HANDSHAKE_DURATION",
                    "ROUNDTRIP_DURATION",
                    "UPSTREAM_CONNECTION_POOL_READY_DURATION",
                    "DOWNSTREAM_WIRE_BYTES_SENT",
                    "DOWNSTREAM_WIRE_BYTES_RECEIVED",
                    "DOWNSTREAM_HEADER_BYTES_SENT",
                    "DOWNSTREAM_HEADER_BYTES_RECEIVED",
                    "UPSTREAM_WIRE_BYTES_SENT",
                    "UPSTREAM_WIRE_BYTES_RECEIVED",
                    "UPSTREAM_HEADER_BYTES_SENT",
                    "UPSTREAM_HEADER_BYTES_RECEIVED",
                    "UPSTREAM_CONNECTION_ID",
                    "UPSTREAM_PROTOCOL",
                    "DOWNSTREAM_TRANSPORT_FAILURE_REASON",
                    "DOWNSTREAM_LOCAL_IP_SAN",
                    "DOWNSTREAM_LOCAL_EMAIL_SAN",
                    "DOWNSTREAM_PEER_EMAIL_SAN",
                    "DOWNSTREAM_LOCAL_CLOSE_REASON",
                    "DOWNSTREAM_DETECTED_CLOSE_TYPE",
                    "UPSTREAM_LOCAL_CLOSE_REASON",
                    "UPSTREAM_DETECTED_CLOSE_TYPE",
                    "TLS_JA3_FINGERPRINT",
                    "TLS_JA4_FINGERPRINT",
                    "UPSTREAM_FILTER_STATE",
                    "FILTER_STATE",
                    "DYNAMIC_METADATA",
                    "CLUSTER_METADATA",
                    "UPSTREAM_METADATA",
                    "ROUTE_METADATA",
                    "LISTENER_METADATA",
                    "VIRTUAL_HOST_METADATA",
                    "METADATA");

    private static final String[] GRPC_NAMES = {
        "OK",
        "Canceled",
        "Unknown",
        "InvalidArgument",
        "DeadlineExceeded",
        "NotFound",
        "AlreadyExists",
        "PermissionDenied",
        "ResourceExhausted",
        "FailedPrecondition",
        "Aborted",
        "OutOfRange",
        "Unimplemented",
        "Internal",
        "Unavailable",
        "DataLoss",
        "Unauthenticated"
    };

    private LogOperators() {}

    /**
     * Compiles what stands between two percent signs.
     *
     * @throws IllegalArgumentException when there is no such operator
     */
    static LogValue compile(String operator) {
        int open = operator.indexOf('(');
        int close = operator.lastIndexOf(')');
        String rest =
                open < 0 ? operator : operator.substring(0, open) + operator.substring(close + 1);
        String argument = open >= 0 && close > open ? operator.substring(open + 1, close) : "";
        int colon = rest.indexOf(':');
        String name = colon < 0 ? rest : rest.substring(0, colon);
        LogValue value = find(name, argument);
        if (value == null) {
            throw new IllegalArgumentException(
                    "access log operator: '%" + operator + "%' (expected: one of Envoy's)");
        }
        return colon < 0 ? value : shortened(value, length(operator, rest.substring(colon + 1)));
    }

    private static @Nullable LogValue find(String name, String argument) {
        LogValue plain = PLAIN.get(name);
        if (plain != null) {
            return plain;
        }
        return switch (name) {
            case "START_TIME", "START_TIME_LOCAL" -> start(argument);
            case "EMIT_TIME", "EMIT_TIME_LOCAL" -> end(argument);
            case "PATH" -> path(argument);
            case "QUERY_PARAM" -> e -> parameter(e, argument);
            case "REQ_WITHOUT_QUERY" -> withoutQuery(alternatives(argument, LogOperators::request));
            case "CEL" -> CelExpression.compile("access log operator CEL", argument, false)::of;
            case "UPSTREAM_HOST", "UPSTREAM_HOST_NAME" ->
                    addressText(ExchangeView::upstreamAddress);
            case "REQ" -> alternatives(argument, LogOperators::request);
            case "RESP" -> alternatives(argument, LogOperators::response);
            case "TRAILER" -> alternatives(argument, LogOperators::trailer);
            case "GRPC_STATUS" -> grpc(argument);
            case "HOSTNAME" -> constant(hostName());
            case "ENVIRONMENT" -> constant(System.getenv(argument));
            default -> {
                LogValue address = addressOperator(name);
                LogValue other = address == null ? TlsOperators.find(name, argument) : address;
                yield other == null && ALWAYS_EMPTY.contains(name) ? e -> null : other;
            }
        };
    }

    private static LogValue start(String argument) {
        StrftimeFormat format = StrftimeFormat.compile(argument);
        return e -> format.format(e.startEpochMicros());
    }

    private static LogValue end(String argument) {
        StrftimeFormat format = StrftimeFormat.compile(argument);
        return e -> format.format(e.startEpochMicros() + e.durationNanos() / 1_000);
    }

    /**
     * {@code WQ} or {@code NQ} for the query, {@code ORIG}, {@code PATH} or {@code ORIG_OR_PATH}.
     */
    private static LogValue path(String argument) {
        List<String> parts = List.of(argument.split(":", -1));
        boolean query = !parts.contains("NQ");
        boolean forwarded = parts.contains("PATH");
        LogValue path = e -> !e.http() ? null : forwarded ? e.path() : e.originalPath();
        return query ? path : Objects.requireNonNull(withoutQuery(path));
    }

    private static @Nullable LogValue withoutQuery(@Nullable LogValue value) {
        return value == null
                ? null
                : e -> value.of(e) instanceof String text ? text.split("\\?", 2)[0] : null;
    }

    private static @Nullable String parameter(ExchangeView e, String name) {
        int query = e.originalPath().indexOf('?');
        if (query < 0) {
            return null;
        }
        for (String each : e.originalPath().substring(query + 1).split("&", -1)) {
            if (each.startsWith(name + "=")) {
                return text(each.substring(name.length() + 1));
            }
        }
        return null;
    }

    private static LogValue grpc(String argument) {
        return switch (argument) {
            case "NUMBER" -> e -> e.grpcStatus() < 0 ? null : (long) e.grpcStatus();
            case "SNAKE_STRING" ->
                    e ->
                            grpcName(e) instanceof String name
                                    ? name.replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                                            .toUpperCase(Locale.ROOT)
                                    : null;
            default -> LogOperators::grpcName;
        };
    }

    private static @Nullable String dashed(String value) {
        return value.equals("-") ? null : text(value);
    }

    /** As HTTP/1.1 would write them. */
    private static long size(@Nullable HttpHeaders headers) {
        long size = 0;
        if (headers != null) {
            for (Map.Entry<String, String> each : headers) {
                size += each.getKey().length() + each.getValue().length() + 4L;
            }
        }
        return size;
    }

    private static LogValue addressText(Function<ExchangeView, @Nullable SocketAddress> from) {
        AddressTexts texts = new AddressTexts();
        return e -> texts.of(from.apply(e));
    }

    private static @Nullable LogValue addressOperator(String name) {
        for (Map.Entry<String, Function<ExchangeView, @Nullable SocketAddress>> entry :
                ADDRESSES.entrySet()) {
            Function<ExchangeView, @Nullable SocketAddress> from = entry.getValue();
            if (name.equals(entry.getKey() + "_ADDRESS")) {
                return addressText(from);
            }
            if (name.equals(entry.getKey() + "_ADDRESS_WITHOUT_PORT")) {
                return e ->
                        from.apply(e) instanceof InetSocketAddress a && a.getAddress() != null
                                ? a.getAddress().getHostAddress()
                                : null;
            }
            if (name.equals(entry.getKey() + "_PORT")) {
                return e -> from.apply(e) instanceof InetSocketAddress a ? a.getPort() : null;
            }
        }
        return null;
    }

    /** A header's name in lower case, in both forms that looking it up takes. */
    private record HeaderName(String text, AsciiString key) {
        static HeaderName of(String text) {
            return new HeaderName(text, AsciiString.cached(text));
        }
    }

    private interface HeaderLookup {
        @Nullable String find(ExchangeView exchange, HeaderName name);
    }

    /** {@code X?Y}: Y where X is missing. */
    private static @Nullable LogValue alternatives(String argument, HeaderLookup lookup) {
        if (argument.isEmpty()) {
            return null;
        }
        String[] names = argument.toLowerCase(Locale.ROOT).split("\\?", 2);
        HeaderName wanted = HeaderName.of(names[0]);
        HeaderName otherwise = names.length > 1 ? HeaderName.of(names[1]) : null;
        return e -> {
            String first = lookup.find(e, wanted);
            return first == null && otherwise != null ? lookup.find(e, otherwise) : first;
        };
    }

    private static @Nullable String request(ExchangeView e, HeaderName name) {
        if (!e.http()) {
            return null;
        }
        return switch (name.text()) {
            case ":method" -> e.method();
            case ":path" -> e.path();
            case ":authority", "host" -> text(e.authority());
            case ":scheme" -> text(e.scheme());
            case "x-envoy-original-path" ->
                    e.originalPath().equals(e.path()) ? null : e.originalPath();
            default -> joined(e.requestHeaders(), name.key());
        };
    }

    private static @Nullable String response(ExchangeView e, HeaderName name) {
        if (!e.http()) {
            return null;
        }
        HttpHeaders headers = e.responseHeaders();
        String value =
                name.text().equals(":status")
                        ? Integer.toString(e.status())
                        : headers == null ? null : joined(headers, name.key());
        if (value == null && name.text().equals("x-envoy-upstream-service-time")) {
            Object time = serviceTime(e);
            return time == null ? null : time.toString();
        }
        return value;
    }

    private static @Nullable String trailer(ExchangeView e, HeaderName name) {
        HttpHeaders trailers = e.http() ? e.responseTrailers() : null;
        return trailers == null ? null : joined(trailers, name.key());
    }

    private static @Nullable String joined(HttpHeaders headers, AsciiString name) {
        var values = headers.valueCharSequenceIterator(name);
        if (!values.hasNext()) {
            return null;
        }
        String first = values.next().toString();
        return values.hasNext() ? String.join(",", headers.getAll(name)) : first;
    }

    private static @Nullable Object grpcName(ExchangeView e) {
        int status = e.grpcStatus();
        return status < 0
                ? null
                : status < GRPC_NAMES.length ? GRPC_NAMES[status] : Integer.toString(status);
    }

    private static LogValue constant(@Nullable String value) {
        return e -> value;
    }

    private static LogValue shortened(LogValue value, int length) {
        return e -> {
            Object full = value.of(e);
            return full instanceof CharSequence text && text.length() > length
                    ? text.subSequence(0, length)
                    : full;
        };
    }

    private static int length(String operator, String digits) {
        if (!digits.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException(
                    "access log operator: '%" + operator + "%' (expected: a length after ':')");
        }
        return Integer.parseInt(digits);
    }

    private static @Nullable String text(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static @Nullable String uri(@Nullable SpiffeId id) {
        return id == null ? null : id.uri();
    }

    private static @Nullable String origin(@Nullable Origin origin) {
        return origin == null ? null : origin.describe();
    }

    private static long millis(long nanos) {
        return Math.round(Math.floor(nanos / NANOS_PER_MILLI));
    }

    private static @Nullable Object serviceTime(ExchangeView e) {
        return e.upstreamServiceNanos() < 0 ? null : millis(e.upstreamServiceNanos());
    }

    private static @Nullable String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
