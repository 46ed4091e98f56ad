package io.weft.policy.api;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.Secret;
import io.weft.model.WorkloadId;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.MeshResource;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.ResourceMap;
import io.weft.model.wire.SidecarState;
import io.weft.policy.control.ControlStatus;
import io.weft.policy.control.InstanceStatus;
import io.weft.policy.control.RefusedCommit;
import io.weft.policy.control.RolloutStatus;
import io.weft.policy.server.PolicyServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** What is, for people and for {@code weft}. Shows no secret. */
@RestController
@RequestMapping("/api/v1")
final class StatusController {

    private static final Secret REDACTED = new Secret("[redacted]");

    private final PolicyServer server;
    private final MeshCodec codec = new MeshCodec();

    StatusController(PolicyServer server) {
        this.server = server;
    }

    @GetMapping("/status")
    Mono<StatusView> status() {
        return Mono.fromCompletionStage(server.control().status()).map(this::view);
    }

    private StatusView view(ControlStatus status) {
        RefusedCommit refused = status.refused();
        return new StatusView(
                status.revision(),
                status.inForce(),
                status.since(),
                status.diagnostics().size(),
                refused == null
                        ? null
                        : new StatusView.RefusedView(
                                refused.commit(),
                                refused.at(),
                                DiagnosticView.of(refused.diagnostics())),
                status.instances(),
                status.connected(),
                status.inSync(),
                server.sourceStatus(),
                new StatusView.AuthorityView(
                        server.authority().trustDomain(),
                        server.authority().expiresAt(),
                        server.authority().issuedCount()),
                server.keySets().status(),
                new StatusView.PortsView(server.joinPort(), server.meshPort()),
                System.getenv().getOrDefault("HOSTNAME", "policy-service"));
    }

    @GetMapping("/workloads")
    Mono<List<WorkloadView>> workloads() {
        return Mono.fromCompletionStage(server.control().rollout())
                .map(rollout -> {
                    Map<String, SidecarState> told = told(rollout);
                    return rollout.instances().stream()
                            .map(each -> WorkloadView.of(each, told.get(instance(each))))
                            .toList();
                });
    }

    private Map<String, SidecarState> told(RolloutStatus rollout) {
        return server.traffic()
                .states()
                .retain(
                        rollout.instances().stream()
                                .map(StatusController::instance)
                                .collect(Collectors.toSet()));
    }

    private static String instance(InstanceStatus status) {
        return status.registration().workload().namespace()
                + "/"
                + status.registration().instance();
    }

    @GetMapping("/services")
    Mono<List<ServicePage>> services() {
        return Mono.fromCompletionStage(
                server.control()
                        .services()
                        .thenCombine(
                                server.control().rollout(),
                                (services, rollout) -> ServicePage.of(services, told(rollout))));
    }

    /** The analysis of what is in force, and why the newest commit was refused when it was. */
    @GetMapping("/diagnostics")
    Mono<Map<String, List<DiagnosticView>>> diagnostics() {
        return Mono.fromCompletionStage(
                server.control()
                        .status()
                        .thenCombine(server.control().analysis(), StatusController::findings));
    }

    private static Map<String, List<DiagnosticView>> findings(
            ControlStatus status, List<Diagnostic> analysis) {
        RefusedCommit refused = status.refused();
        return Map.of(
                "inForce",
                DiagnosticView.of(analysis),
                "refused",
                refused == null ? List.of() : DiagnosticView.of(refused.diagnostics()));
    }

    @GetMapping("/commits")
    Mono<List<ControlStatus.CommitRecord>> commits() {
        return Mono.fromCompletionStage(server.control().status()).map(ControlStatus::history);
    }

    /**
     * What each instance of a workload shall have; private keys are left out.
     *
     * @param route {@code host:port} of destinations that it has not asked for, too: then what one
     *     of its instances would have
     */
    @GetMapping(
            value = "/config/{namespace}/{workload}",
            produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> config(
            @PathVariable String namespace,
            @PathVariable String workload,
            @RequestParam(defaultValue = "") Set<String> route) {
        WorkloadId id = new WorkloadId(namespace, workload);
        return Mono.fromCompletionStage(
                        route.isEmpty() ? server.control().config(id) : withRoutes(id, route))
                .map(found -> {
                    if (found.isEmpty()) {
                        throw new ResponseStatusException(
                                HttpStatus.NOT_FOUND, "workload: " + id + " is not registered");
                    }
                    return ResponseEntity.ok(codec.write(redacted(found)));
                });
    }

    private CompletionStage<Map<String, Map<String, MeshResource>>> withRoutes(
            WorkloadId id, Set<String> routes) {
        return server.control()
                .configuration(id, routes)
                .thenApply(found ->
                        found.map(one -> Map.of(one.registration().instance(), one.resources()))
                                .orElse(Map.of()));
    }

    private static Map<String, ResourceMap> redacted(Map<String, Map<String, MeshResource>> found) {
        Map<String, ResourceMap> shown = new TreeMap<>();
        found.forEach((instance, resources) -> {
            Map<String, MeshResource> copy = new TreeMap<>(resources);
            copy.replaceAll((key, resource) -> withoutKey(resource));
            shown.put(instance, new ResourceMap(copy));
        });
        return shown;
    }

    private static MeshResource withoutKey(MeshResource resource) {
        return resource instanceof Certificate certificate
                ? new Certificate(
                        certificate.name(), certificate.chainPem(), REDACTED, certificate.caPem())
                : resource;
    }
}
