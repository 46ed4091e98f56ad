package io.weft.policy.stream;

import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.Ack;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.Report;
import io.weft.model.wire.Subscription;
import io.weft.model.wire.TokenRequest;
import io.weft.model.wire.TrafficReport;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.CsrRefused;
import io.weft.policy.join.JoinService;
import io.weft.policy.traffic.TrafficDesk;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The mTLS API: renewal of certificates, JWT-SVIDs, registration, subscription, stream and
 * acknowledgements.
 */
public final class MeshApi implements ApiHandler {

    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final String INSTANCES = "/v1/instances/";

    /** Bytes: sidecars may report often, and what they report is short. */
    private static final int MAX_REPORT = 64 * 1024;

    private final Sidecars sidecars;
    private final CertificateAuthority authority;
    private final JoinService joins;
    private final TrafficDesk traffic;
    private final Executor blocking;
    private final InstantSource clock;
    private final MeshCodec codec = new MeshCodec();

    /**
     * @param blocking for what signs
     */
    public MeshApi(
            Sidecars sidecars,
            CertificateAuthority authority,
            JoinService joins,
            TrafficDesk traffic,
            Executor blocking,
            InstantSource clock) {
        this.sidecars = sidecars;
        this.authority = authority;
        this.joins = joins;
        this.traffic = traffic;
        this.blocking = blocking;
        this.clock = clock;
    }

    @Override
    public CompletionStage<ApiResponse> handle(ApiRequest request) {
        Peer peer = request.peer();
        if (peer == null || !clock.instant().isBefore(peer.notAfter())) {
            return done(
                    ApiResponse.problem(
                            401, "Certificate expired", "connect with the renewed certificate"));
        }
        try {
            return route(request, peer).exceptionally(MeshApi::refused);
        } catch (IllegalArgumentException e) {
            return done(ApiResponse.problem(400, "Bad request", String.valueOf(e.getMessage())));
        }
    }

    private CompletionStage<ApiResponse> route(ApiRequest request, Peer peer) {
        if (request.path().equals("/v1/certificates")) {
            return request.method().equals("POST")
                    ? CompletableFuture.supplyAsync(() -> renew(request, peer), blocking)
                    : done(methodNotAllowed("POST"));
        }
        if (request.path().equals("/v1/jwt-svids")) {
            return request.method().equals("POST")
                    ? CompletableFuture.supplyAsync(() -> token(request, peer), blocking)
                    : done(methodNotAllowed("POST"));
        }
        if (!request.path().startsWith(INSTANCES)) {
            return done(ApiResponse.problem(404, "Not found", request.path()));
        }
        String[] parts = request.path().substring(INSTANCES.length()).split("/", -1);
        String instance = parts[0];
        if (!INSTANCE.matcher(instance).matches()) {
            throw new IllegalArgumentException("instance (expected: " + INSTANCE.pattern() + ")");
        }
        if (parts.length == 1) {
            return ownResource(request, peer.identity(), instance);
        }
        if (parts.length > 2) {
            return done(ApiResponse.problem(404, "Not found", request.path()));
        }
        return switch (parts[1]) {
            case "subscription" -> subscription(request, peer.identity(), instance);
            case "stream" -> stream(request, peer, instance);
            case "acks" -> ack(request, peer.identity(), instance);
            case "reports" -> report(request, peer.identity(), instance);
            case "traffic" -> traffic(request, peer.identity(), instance);
            default -> done(ApiResponse.problem(404, "Not found", request.path()));
        };
    }

    private CompletionStage<ApiResponse> ownResource(
            ApiRequest request, SpiffeId peer, String instance) {
        return switch (request.method()) {
            case "PUT" -> {
                Registration registration = read(request, Registration.class);
                if (!registration.instance().equals(instance)) {
                    throw new IllegalArgumentException(
                            "instance: '"
                                    + registration.instance()
                                    + "' (expected: the path's, '"
                                    + instance
                                    + "')");
                }
                yield noContent(sidecars.register(peer, registration));
            }
            case "DELETE" -> noContent(sidecars.deregister(peer, instance));
            default -> done(methodNotAllowed("PUT or DELETE"));
        };
    }

    private CompletionStage<ApiResponse> subscription(
            ApiRequest request, SpiffeId peer, String instance) {
        return request.method().equals("PUT")
                ? noContent(sidecars.subscribe(peer, instance, read(request, Subscription.class)))
                : done(methodNotAllowed("PUT"));
    }

    private CompletionStage<ApiResponse> ack(ApiRequest request, SpiffeId peer, String instance) {
        return request.method().equals("POST")
                ? noContent(sidecars.acknowledge(peer, instance, read(request, Ack.class)))
                : done(methodNotAllowed("POST"));
    }

    private CompletionStage<ApiResponse> report(
            ApiRequest request, SpiffeId peer, String instance) {
        if (!request.method().equals("POST")) {
            return done(methodNotAllowed("POST"));
        }
        if (request.body().length > MAX_REPORT) {
            return done(tooLarge());
        }
        return noContent(sidecars.report(peer, instance, read(request, Report.class)));
    }

    private CompletionStage<ApiResponse> traffic(
            ApiRequest request, SpiffeId peer, String instance) {
        if (!request.method().equals("POST")) {
            return done(methodNotAllowed("POST"));
        }
        if (request.body().length > MAX_REPORT) {
            return done(tooLarge());
        }
        TrafficReport report = read(request, TrafficReport.class);
        return sidecars.workload(peer, instance)
                .thenApplyAsync(
                        workload ->
                                traffic.take(workload, peer.namespace() + "/" + instance, report)
                                        ? ApiResponse.noContent()
                                        : ApiResponse.problem(
                                                409,
                                                "Unknown edge",
                                                "expected: the keys of all edges, again"),
                        blocking);
    }

    private static ApiResponse tooLarge() {
        return ApiResponse.problem(413, "Too large", "expected: at most " + MAX_REPORT + " bytes");
    }

    private CompletionStage<ApiResponse> stream(ApiRequest request, Peer peer, String instance) {
        if (!request.method().equals("GET")) {
            return done(methodNotAllowed("GET"));
        }
        return sidecars.mayOpen(peer.identity(), instance)
                .thenApply(may ->
                        new ApiResponse.Lines(lines ->
                                sidecars.open(peer, instance, lines)
                                        .exceptionally(refused -> {
                                            lines.close();
                                            return null;
                                        })));
    }

    private ApiResponse renew(ApiRequest request, Peer peer) {
        try {
            CertificateRequest asked = codec.read(request.body(), CertificateRequest.class);
            if (asked.csrPem() == null) {
                return ApiResponse.problem(400, "Bad request", "expected: csrPem");
            }
            return ApiResponse.json(
                    codec.write(
                            joins.answer(
                                    authority.issue(asked.csrPem(), peer.identity(), "mtls"))));
        } catch (IllegalArgumentException e) {
            return ApiResponse.problem(400, "Bad request", String.valueOf(e.getMessage()));
        } catch (CsrRefused e) {
            return ApiResponse.problem(
                    e.mayRetryLater() ? 429 : 403,
                    "Certificate refused",
                    String.valueOf(e.getMessage()));
        }
    }

    private ApiResponse token(ApiRequest request, Peer peer) {
        try {
            TokenRequest asked = read(request, TokenRequest.class);
            return ApiResponse.json(
                    codec.write(authority.tokens().issue(peer.identity(), asked.audience())));
        } catch (IllegalArgumentException e) {
            return ApiResponse.problem(400, "Bad request", String.valueOf(e.getMessage()));
        } catch (CsrRefused e) {
            return ApiResponse.problem(
                    e.mayRetryLater() ? 429 : 403, "Token refused", String.valueOf(e.getMessage()));
        }
    }

    private <T> T read(ApiRequest request, Class<T> type) {
        try {
            return codec.read(request.body(), type);
        } catch (NullPointerException e) {
            throw new IllegalArgumentException(type.getSimpleName() + ": incomplete", e);
        }
    }

    private static CompletionStage<ApiResponse> noContent(CompletionStage<Void> stage) {
        Function<Void, ApiResponse> answer = nothing -> ApiResponse.noContent();
        return stage.thenApply(answer);
    }

    private static ApiResponse refused(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof Sidecars.Refusal refusal) {
            return ApiResponse.problem(
                    refusal.status(), "Refused", String.valueOf(refusal.getMessage()));
        }
        throw new CompletionException(cause);
    }

    private static ApiResponse methodNotAllowed(String expected) {
        return ApiResponse.problem(405, "Method not allowed", "expected: " + expected);
    }

    private static CompletionStage<ApiResponse> done(ApiResponse response) {
        return CompletableFuture.completedStage(response);
    }

    /** Body of a renewal. */
    private record CertificateRequest(@Nullable String csrPem) {}
}
