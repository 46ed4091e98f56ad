package io.weft.policy.api;

import io.weft.engine.SampleRequest;
import io.weft.model.WorkloadId;
import io.weft.policy.explain.Answer;
import io.weft.policy.explain.ExplainService;
import io.weft.policy.explain.Question;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** {@code POST /api/v1/explain}: what would happen to a request, and which line decides it. */
@RestController
final class ExplainController {

    private static final int MAX_PORT = 65535;

    private final ExplainService service;

    ExplainController(ExplainService service) {
        this.service = service;
    }

    @PostMapping(value = "/api/v1/explain", consumes = "application/json")
    Mono<Answer> explain(@RequestBody ExplainRequest asked) {
        return Mono.fromCompletionStage(service.explain(asked.question()));
    }

    /**
     * A request that is not sent.
     *
     * @param scheme {@code http}, {@code https}, or {@code tcp} for an opaque connection
     * @param from null for a caller outside the mesh
     * @param to null for whom most of the route's requests reach
     */
    record ExplainRequest(
            @Nullable Workload from,
            @Nullable Workload to,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String method,
            @Nullable String path,
            @Nullable String scheme,
            @Nullable String sourceAddress,
            @Nullable List<List<String>> headers) {

        Question question() {
            String named = host == null || host.isBlank() ? "" : host;
            int number = port == null ? 80 : port;
            if (named.isEmpty() && to == null) {
                throw new IllegalArgumentException("host: none (expected: a host, or to)");
            }
            if (number < 1 || number > MAX_PORT) {
                throw new IllegalArgumentException("port: " + number + " (expected: 1..65535)");
            }
            String spoken = Objects.requireNonNullElse(scheme, "http");
            SampleRequest.Builder request =
                    spoken.equals("tcp")
                            ? SampleRequest.tcp(number).authority(named)
                            : SampleRequest.http(
                                            Objects.requireNonNullElse(method, "GET"),
                                            Objects.requireNonNullElse(path, "/"))
                                    .authority(named)
                                    .scheme(spoken)
                                    .destinationPort(number);
            if (sourceAddress != null) {
                request.sourceIp(sourceAddress);
            }
            for (List<String> header :
                    Objects.requireNonNullElse(headers, List.<List<String>>of())) {
                if (header.size() != 2) {
                    throw new IllegalArgumentException("headers (expected: [[name, value], …])");
                }
                request.header(header.getFirst(), header.getLast());
            }
            return new Question(
                    from == null ? null : from.id(),
                    to == null ? null : to.id(),
                    to == null || to.port() == null ? 0 : to.port(),
                    named,
                    number,
                    request.build());
        }
    }

    /** A workload, and for a callee its own port. */
    record Workload(@Nullable String namespace, @Nullable String workload, @Nullable Integer port) {

        WorkloadId id() {
            return new WorkloadId(
                    Objects.requireNonNullElse(namespace, ""),
                    Objects.requireNonNullElse(workload, ""));
        }
    }
}
