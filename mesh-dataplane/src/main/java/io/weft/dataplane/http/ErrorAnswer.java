package io.weft.dataplane.http;

import io.weft.model.Origin;
import org.jspecify.annotations.Nullable;

/**
 * How an error looks: on the wire, and in the log in Envoy's terms.
 *
 * @param status HTTP status, 0 when nothing can be sent any more
 * @param flag Envoy's response flag, {@code -} for none
 * @param details Envoy's response code details
 * @param grpcStatus for callers that speak gRPC
 * @param body plain text
 */
public record ErrorAnswer(
        int status,
        String flag,
        String details,
        int grpcStatus,
        String body,
        @Nullable String wwwAuthenticate,
        @Nullable Origin decidedBy) {

    private static final int GRPC_CANCELLED = 1;
    private static final int GRPC_UNKNOWN = 2;
    private static final int GRPC_DEADLINE = 4;
    private static final int GRPC_DENIED = 7;
    private static final int GRPC_EXHAUSTED = 8;
    private static final int GRPC_INTERNAL = 13;
    private static final int GRPC_UNAVAILABLE = 14;
    private static final int GRPC_UNAUTHENTICATED = 16;

    /** The one place where errors become answers. */
    public static ErrorAnswer of(ProxyError error) {
        return switch (error) {
            case ProxyError.BadRequest e ->
                    plain(e.status(), "DPE", e.detail(), GRPC_INTERNAL, e.cause());
            case ProxyError.NoRoute e -> plain(404, "NR", "route_not_found", 12, "");
            case ProxyError.NoCluster e ->
                    plain(503, "NC", "cluster_not_found", GRPC_UNAVAILABLE, "");
            case ProxyError.UnknownDestination e ->
                    plain(502, "NR", "direct_response", GRPC_UNAVAILABLE, "");
            case ProxyError.NotConfigured e ->
                    plain(503, "NC", "route_not_configured", GRPC_UNAVAILABLE, e.cause());
            case ProxyError.NoHealthyEndpoint e ->
                    plain(
                            503,
                            "UH",
                            "no_healthy_upstream",
                            GRPC_UNAVAILABLE,
                            "no healthy upstream");
            case ProxyError.BackendUnavailable e ->
                    new ErrorAnswer(
                            e.status(),
                            "-",
                            "direct_response",
                            GRPC_UNAVAILABLE,
                            "",
                            null,
                            e.decidedBy());
            case ProxyError.ConnectFailed e -> connectFailed(e);
            case ProxyError.Overflow e ->
                    plain(
                            503,
                            "UO",
                            "upstream_reset_before_response_started{overflow}",
                            GRPC_UNAVAILABLE,
                            "upstream connect error or disconnect/reset before headers."
                                    + " reset reason: overflow");
            case ProxyError.Overloaded e ->
                    plain(503, "OM", "overload", GRPC_UNAVAILABLE, "envoy overloaded");
            case ProxyError.UpstreamEnded e -> upstreamEnded(e);
            case ProxyError.UpstreamNonsense e -> nonsense(e);
            case ProxyError.Timeout e -> timeout(e.which());
            case ProxyError.AuthzDenied e -> denied(e);
            case ProxyError.ExternallyDenied e ->
                    new ErrorAnswer(
                            e.status(),
                            "UAEX",
                            e.failed() ? "ext_authz_error" : "ext_authz_denied",
                            grpcOf(e.status()),
                            e.body(),
                            null,
                            e.decidedBy());
            case ProxyError.TooLarge e ->
                    plain(
                            413,
                            "-",
                            "request_payload_too_large",
                            GRPC_EXHAUSTED,
                            "Payload Too Large");
            case ProxyError.JwtInvalid e -> jwt(e);
            case ProxyError.FaultAbort e -> fault(e);
            case ProxyError.RateLimiterUnavailable e ->
                    new ErrorAnswer(
                            500,
                            "RLSE",
                            "rate_limiter_error",
                            GRPC_UNAVAILABLE,
                            "",
                            null,
                            e.decidedBy());
            case ProxyError.AnswerTooLarge e ->
                    plain(502, "-", "response_payload_too_large", GRPC_EXHAUSTED, "");
            case ProxyError.RateLimited e ->
                    new ErrorAnswer(
                            429,
                            "RL",
                            e.global() ? "request_rate_limited" : "local_rate_limited",
                            GRPC_UNAVAILABLE,
                            e.global() ? "" : "local_rate_limited",
                            null,
                            e.decidedBy());
            case ProxyError.DownstreamGone e ->
                    plain(0, "DC", "downstream_remote_disconnect", GRPC_CANCELLED, "");
            case ProxyError.LaneFailed e ->
                    plain(500, "-", "filter_chain_failed", GRPC_INTERNAL, "");
        };
    }

    private static ErrorAnswer plain(
            int status, String flag, String details, int grpcStatus, String body) {
        return new ErrorAnswer(status, flag, details, grpcStatus, body, null, null);
    }

    private static ErrorAnswer connectFailed(ProxyError.ConnectFailed e) {
        String reason = e.tls() ? "TLS_error" : "connection_failure";
        return plain(
                503,
                e.retriesUsedUp() ? "UF,URX" : "UF",
                "upstream_reset_before_response_started{" + reason + "}",
                GRPC_UNAVAILABLE,
                "upstream connect error or disconnect/reset before headers. reset reason: "
                        + (e.tls() ? "TLS error" : "connection failure"));
    }

    private static ErrorAnswer upstreamEnded(ProxyError.UpstreamEnded e) {
        String flag = e.reset() ? "UR" : "UC";
        String reason = e.reset() ? "remote_reset" : "connection_termination";
        String when = e.answerBegun() ? "after" : "before";
        return plain(
                503,
                e.retriesUsedUp() ? flag + ",URX" : flag,
                "upstream_reset_" + when + "_response_started{" + reason + "}",
                GRPC_UNAVAILABLE,
                "upstream connect error or disconnect/reset before headers. reset reason: "
                        + reason.replace('_', ' '));
    }

    private static ErrorAnswer nonsense(ProxyError.UpstreamNonsense e) {
        String when = e.answerBegun() ? "after" : "before";
        return plain(
                502,
                e.retriesUsedUp() ? "UPE,URX" : "UPE",
                "upstream_reset_" + when + "_response_started{protocol_error}",
                GRPC_UNAVAILABLE,
                "upstream connect error or disconnect/reset before headers. reset reason:"
                        + " protocol error");
    }

    private static ErrorAnswer timeout(ProxyError.Which which) {
        return switch (which) {
            case REQUEST ->
                    plain(504, "UT", "response_timeout", GRPC_DEADLINE, "upstream request timeout");
            case PER_TRY ->
                    plain(
                            504,
                            "UT",
                            "upstream_per_try_timeout",
                            GRPC_DEADLINE,
                            "upstream request timeout");
            case IDLE -> plain(504, "SI", "stream_idle_timeout", GRPC_DEADLINE, "stream timeout");
            case STALLED ->
                    plain(408, "SI", "stream_idle_timeout", GRPC_DEADLINE, "stream timeout");
        };
    }

    private static ErrorAnswer denied(ProxyError.AuthzDenied e) {
        String policy = e.decidedBy().isBuiltIn() ? "none" : e.decidedBy().describe();
        return new ErrorAnswer(
                403,
                "-",
                "rbac_access_denied_matched_policy[" + policy.replace(' ', '_') + "]",
                GRPC_DENIED,
                "RBAC: access denied",
                null,
                e.decidedBy());
    }

    private static ErrorAnswer jwt(ProxyError.JwtInvalid e) {
        return new ErrorAnswer(
                401,
                "-",
                "jwt_authn_access_denied{" + e.reason().replace(' ', '_') + "}",
                GRPC_UNAUTHENTICATED,
                e.reason(),
                "Bearer realm=\"%s\", error=\"invalid_token\"",
                e.decidedBy());
    }

    private static ErrorAnswer fault(ProxyError.FaultAbort e) {
        int grpc = e.grpcStatus() == null ? grpcOf(e.status()) : e.grpcStatus();
        return new ErrorAnswer(
                e.status(),
                "FI",
                "fault_filter_abort",
                grpc,
                "fault filter abort",
                null,
                e.decidedBy());
    }

    /** The gRPC status for an HTTP status (the gRPC over HTTP/2 mapping). */
    static int grpcOf(int httpStatus) {
        return switch (httpStatus) {
            case 400 -> GRPC_INTERNAL;
            case 401 -> GRPC_UNAUTHENTICATED;
            case 403 -> GRPC_DENIED;
            case 404 -> 12;
            case 429, 502, 503, 504 -> GRPC_UNAVAILABLE;
            default -> GRPC_UNKNOWN;
        };
    }
}
