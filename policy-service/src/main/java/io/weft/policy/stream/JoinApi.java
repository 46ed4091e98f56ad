package io.weft.policy.stream;

import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.MeshCodec;
import io.weft.policy.ca.CsrRefused;
import io.weft.policy.join.JoinRefused;
import io.weft.policy.join.JoinService;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/join}, and {@code GET /v1/bundle} for other trust domains. */
public final class JoinApi implements ApiHandler {

    private static final Logger AUDIT = LoggerFactory.getLogger("weft.audit");

    private static final String BUNDLE = "/v1/bundle";

    private final JoinService joins;
    private final Supplier<String> bundle;
    private final Executor blocking;
    private final MeshCodec codec = new MeshCodec();

    /**
     * @param bundle our roots as a SPIFFE bundle document
     * @param blocking for what checks proofs, signs and writes files
     */
    public JoinApi(JoinService joins, Supplier<String> bundle, Executor blocking) {
        this.joins = joins;
        this.bundle = bundle;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<ApiResponse> handle(ApiRequest request) {
        if (request.path().equals(BUNDLE) && request.method().equals("GET")) {
            return CompletableFuture.completedStage(
                    ApiResponse.json(bundle.get().getBytes(StandardCharsets.UTF_8)));
        }
        if (!request.path().equals("/v1/join")) {
            return CompletableFuture.completedStage(
                    ApiResponse.problem(
                            404, "Not found", "expected: POST /v1/join or GET " + BUNDLE));
        }
        if (!request.method().equals("POST")) {
            return CompletableFuture.completedStage(
                    ApiResponse.problem(405, "Method not allowed", "expected: POST"));
        }
        return CompletableFuture.supplyAsync(() -> join(request), blocking);
    }

    private ApiResponse join(ApiRequest request) {
        JoinRequest asked;
        try {
            asked = codec.read(request.body(), JoinRequest.class);
            if (asked.token() == null
                    || asked.namespace() == null
                    || asked.serviceAccount() == null
                    || asked.csrPem() == null) {
                return ApiResponse.problem(
                        400,
                        "Bad request",
                        "expected: token, namespace, serviceAccount and csrPem");
            }
        } catch (IllegalArgumentException e) {
            return ApiResponse.problem(400, "Bad request", String.valueOf(e.getMessage()));
        }
        try {
            return ApiResponse.json(codec.write(joins.join(asked)));
        } catch (JoinRefused e) {
            return refused(request, asked, 403, e);
        } catch (CsrRefused e) {
            return refused(request, asked, e.mayRetryLater() ? 429 : 403, e);
        }
    }

    private static ApiResponse refused(
            ApiRequest request, JoinRequest asked, int status, Exception reason) {
        AUDIT.warn(
                "event=join-refused claimed=ns/{}/sa/{} remote={} reason=\"{}\"",
                printable(asked.namespace()),
                printable(asked.serviceAccount()),
                request.remote(),
                reason.getMessage());
        return ApiResponse.problem(status, "Join refused", String.valueOf(reason.getMessage()));
    }

    /** A stranger's text, harmless in a log line. */
    private static String printable(String text) {
        String clean = text.replaceAll("[^a-zA-Z0-9._-]", "?");
        return clean.length() > 100 ? clean.substring(0, 100) : clean;
    }
}
