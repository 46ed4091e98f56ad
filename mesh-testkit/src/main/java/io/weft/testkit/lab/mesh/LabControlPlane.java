package io.weft.testkit.lab.mesh;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.dataplane.telemetry.ProcessMetrics;
import io.weft.engine.AdjustableClock;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.control.InstanceStatus;
import io.weft.policy.control.PublishOutcome;
import io.weft.policy.control.RolloutStatus;
import io.weft.policy.jwks.JwksStatus;
import io.weft.policy.secrets.InMemoryCertificates;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.PolicyServerSettings;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The control plane of a lab, with what the topology says always in force. Thread-safe. */
public final class LabControlPlane implements AutoCloseable {

    /** Only a machine that is busy with something else needs so long. */
    private static final Duration ROLLOUT = Duration.ofSeconds(60);

    private static final Duration SVID_LIFETIME = Duration.ofDays(1);
    private static final int NO_LIMIT = 1_000_000;
    private static final int POLL_MILLIS = 5;

    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProcessMetrics process = new ProcessMetrics(meters);
    private final PolicyServer server;
    private final TokenIssuers issuers;
    private final List<PolicyFile> fixed;

    LabControlPlane(
            Path stateDir,
            LabSettings settings,
            AdjustableClock clock,
            TokenIssuers issuers,
            InMemoryCertificates certificates) {
        this.issuers = issuers;
        this.fixed = fixed(settings.topology());
        this.server =
                PolicyServer.start(
                        PolicyServerSettings.in(stateDir)
                                .mesh(settings.trustDomain(), settings.rootNamespace())
                                .authority(
                                        new CaSettings(
                                                settings.trustDomain(),
                                                SVID_LIFETIME,
                                                NO_LIMIT,
                                                CaSettings.DEFAULT_SERVER_NAMES,
                                                null))
                                .certificates(certificates)
                                .keySetFetcher(issuers::keySet)
                                .meters(meters)
                                .clock(clock::now));
    }

    private static List<PolicyFile> fixed(Topology topology) {
        List<PolicyFile> files = new ArrayList<>();
        if (!topology.meshConfig().isEmpty()) {
            files.add(new PolicyFile(topology.file(), topology.meshConfig()));
        }
        StringBuilder namespaces = new StringBuilder();
        for (Map.Entry<String, Map<String, String>> each : topology.namespaces().entrySet()) {
            namespaces.append("---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: ");
            namespaces.append(each.getKey()).append('\n');
            if (!each.getValue().isEmpty()) {
                namespaces.append("  labels:\n");
                each.getValue()
                        .forEach((name, value) ->
                                namespaces
                                        .append("    \"")
                                        .append(name)
                                        .append("\": \"")
                                        .append(value.replace("\"", "\\\""))
                                        .append("\"\n"));
            }
        }
        if (!namespaces.isEmpty()) {
            files.add(new PolicyFile("lab/namespaces.yaml", namespaces.toString()));
        }
        return files;
    }

    PolicyServer server() {
        return server;
    }

    /** What it and the lab's process count, as Prometheus reads it. */
    public String scrape() {
        return meters.scrape();
    }

    /**
     * Replaces all policy resources; when there are errors nothing changes.
     *
     * @return when every connected sidecar has answered, and the key sets that come at once are
     *     there
     */
    public Published publish(List<PolicyFile> files) {
        List<PolicyFile> all = new ArrayList<>(fixed);
        all.addAll(files);
        PublishOutcome outcome =
                get(server.control().publish(PolicyBundle.of(all)).toCompletableFuture());
        if (!outcome.accepted()) {
            return new Published(false, outcome.revision(), outcome.diagnostics(), List.of());
        }
        awaitKeySets();
        RolloutStatus status = awaitInSync();
        List<String> refusals = new ArrayList<>();
        for (InstanceStatus refused : status.refused()) {
            InstanceStatus.Refused refusal = refused.refusal();
            String reason = refusal == null ? "" : refusal.reason();
            refusals.add(refused.registration().instance() + " refused: " + reason);
        }
        return new Published(true, status.revision(), outcome.diagnostics(), refusals);
    }

    /**
     * What became of resources.
     *
     * @param refusals of sidecars that kept what they had
     */
    public record Published(
            boolean accepted,
            String revision,
            List<Diagnostic> diagnostics,
            List<String> refusals) {}

    private void awaitKeySets() {
        await(() -> {
            for (JwksStatus each : server.keySets().status()) {
                if (issuers.isPrompt(each.uri()) && each.fetchedAt() == null) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Waits until every connected sidecar has what it shall have, or has refused it. */
    RolloutStatus awaitInSync() {
        await(() -> settled(rollout()));
        return rollout();
    }

    /** Waits until so many are connected and in step; false when they are not in time. */
    boolean awaitConnected(int count) {
        return await(() -> {
            RolloutStatus status = rollout();
            return status.connected() >= count && settled(status);
        });
    }

    private static boolean settled(RolloutStatus status) {
        return status.instances().stream()
                .filter(InstanceStatus::connected)
                .allMatch(each -> each.inSync() || isRefused(each));
    }

    private static boolean isRefused(InstanceStatus status) {
        InstanceStatus.Refused refusal = status.refusal();
        return refusal != null && refusal.revision().equals(status.wantedRevision());
    }

    RolloutStatus rollout() {
        return get(server.control().rollout().toCompletableFuture());
    }

    private static <T> T get(java.util.concurrent.CompletableFuture<T> future) {
        try {
            return future.get(ROLLOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        } catch (TimeoutException e) {
            throw new IllegalStateException("the control plane did not answer within " + ROLLOUT);
        } catch (ExecutionException | CompletionException e) {
            throw new IllegalStateException("the control plane failed: " + e.getCause());
        }
    }

    private static boolean await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + ROLLOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        process.close();
        server.close();
    }
}
