package io.weft.policy.api;

import io.weft.policy.ca.AuthorityChanges;
import io.weft.policy.federation.ForeignBundles;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.RootRotation.RotationStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The certificate authority: its state for people, its changes for operators. */
@RestController
@RequestMapping("/api/v1/ca")
final class AuthorityController {

    private final PolicyServer server;

    AuthorityController(PolicyServer server) {
        this.server = server;
    }

    @GetMapping
    Mono<CaView> status() {
        return Mono.fromCompletionStage(server.rotation().status()).map(this::view);
    }

    /** Our roots as a SPIFFE bundle document. */
    @GetMapping(value = "/bundle", produces = MediaType.APPLICATION_JSON_VALUE)
    String bundle() {
        return server.spiffeBundle();
    }

    /** The next step of a rotation. */
    @PostMapping("/rotation")
    Mono<CaView> rotate(@RequestParam(defaultValue = "false") boolean force) {
        return change(() -> server.rotation().advance(force)).map(this::view);
    }

    /** Takes an announcement back. */
    @DeleteMapping("/rotation")
    Mono<CaView> cancel() {
        return changed(() -> server.authority().changes().cancel());
    }

    @PostMapping("/denied")
    Mono<CaView> deny(@RequestBody Subject subject) {
        return changed(() ->
                server.authority()
                        .changes()
                        .deny(
                                Objects.requireNonNullElse(subject.subject(), ""),
                                Objects.requireNonNullElse(subject.reason(), "")));
    }

    @DeleteMapping("/denied")
    Mono<CaView> allow(@RequestParam String subject) {
        return changed(() -> server.authority().changes().allow(subject));
    }

    /** A request for an outer authority; its key stays here. */
    @PostMapping("/request")
    Mono<Map<String, String>> request() {
        return change(() -> Map.of("csrPem", server.authority().changes().request()));
    }

    /** What the outer authority has signed. */
    @PostMapping("/certificate")
    Mono<CaView> certificate(@RequestBody Outer outer) {
        return changed(() ->
                server.authority()
                        .changes()
                        .take(
                                Objects.requireNonNullElse(outer.chainPem(), ""),
                                Objects.requireNonNullElse(outer.rootsPem(), "")));
    }

    private Mono<CaView> changed(Step step) {
        return change(
                        () -> {
                            step.run();
                            return true;
                        })
                .then(status());
    }

    /** Files are written and keys made: not on an event loop. */
    private static <T> Mono<T> change(Change<T> change) {
        return Mono.fromCallable(change::run)
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorMap(
                        AuthorityChanges.NotNow.class,
                        e -> new ResponseStatusException(HttpStatus.CONFLICT, e.getMessage()))
                .onErrorMap(
                        IOException.class,
                        e ->
                                new ResponseStatusException(
                                        HttpStatus.SERVICE_UNAVAILABLE, e.getMessage()));
    }

    private CaView view(RotationStatus status) {
        return new CaView(
                status.authority(),
                status.waitingFor(),
                server.authority().problem(),
                server.authority().svidLifetime().toSeconds(),
                server.foreignBundles().status(),
                status.instances().stream()
                        .map(each ->
                                new Follower(
                                        each.registration().instance(),
                                        each.registration().workload().namespace(),
                                        each.identity(),
                                        each.connected(),
                                        each.trustsAll(),
                                        each.signedBy()))
                        .toList());
    }

    private interface Step {
        void run() throws IOException, AuthorityChanges.NotNow;
    }

    private interface Change<T> {
        T run() throws IOException, AuthorityChanges.NotNow;
    }

    /** What is denied. */
    record Subject(@Nullable String subject, @Nullable String reason) {}

    /** PEM. */
    record Outer(@Nullable String chainPem, @Nullable String rootsPem) {}

    /** A workload and how far it follows. */
    record Follower(
            String instance,
            String namespace,
            String identity,
            boolean connected,
            boolean trustsAll,
            String signedBy) {}

    /** The authority with all that depends on it. */
    record CaView(
            io.weft.policy.ca.AuthorityView authority,
            String waitingFor,
            String problem,
            long svidLifetimeSeconds,
            List<ForeignBundles.Status> federation,
            List<Follower> workloads) {}
}
