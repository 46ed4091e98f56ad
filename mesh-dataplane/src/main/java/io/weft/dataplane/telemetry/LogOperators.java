package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /**
     * Whether the value of what stands between two percent signs is the same when it is asked for
     * later, by another thread, when the connections may have ended: not what is asked of a TLS
     * session, nor what an expression may ask for.
     */
    static boolean settled(String operator) {
        String name = operator.split("[(:]", 2)[0];
        return PLAIN.containsKey(name)
                || !name.equals("CEL") && TlsOperators.find(name, "") == null;
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
            case "REQ_WITHOUT_QUERY" -> withoutQuery(HeaderOperators.request(argument));
            case "CEL" -> CelExpression.compile("access log operator CEL", argument, false)::of;
            case "UPSTREAM_HOST", "UPSTREAM_HOST_NAME" -> AddressOperators.upstream();
            case "REQ" -> HeaderOperators.request(argument);
            case "RESP" -> HeaderOperators.response(argument);
            case "TRAILER" -> HeaderOperators.trailer(argument);
            case "GRPC_STATUS" -> GrpcOperators.status(argument);
            case "HOSTNAME" -> constant(hostName());
            case "ENVIRONMENT" -> constant(System.getenv(argument));
            default -> {
                LogValue address = AddressOperators.find(name);
                LogValue other = address == null ? TlsOperators.find(name, argument) : address;
                yield other == null && EmptyOperators.NAMES.contains(name) ? e -> null : other;
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

    static @Nullable String text(@Nullable String value) {
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

    static @Nullable Object serviceTime(ExchangeView e) {
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
