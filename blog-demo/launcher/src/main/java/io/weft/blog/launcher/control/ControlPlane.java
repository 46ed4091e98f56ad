package io.weft.blog.launcher.control;

import io.weft.blog.launcher.DemoProblem;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.process.ExecutableJar;
import io.weft.blog.launcher.process.Ports;
import io.weft.blog.launcher.process.ProcessGroup;
import io.weft.blog.launcher.process.ServiceProcess;
import io.weft.blog.launcher.topology.Topology;
import io.weft.model.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Config-service and policy-service, each in a process that can be killed and started again. */
public final class ControlPlane {

    private static final int CONFIG_HEAP = 96;
    private static final int POLICY_HEAP = 192;
    private static final Duration START = Duration.ofSeconds(180);

    private final Setup setup;
    private final ProcessGroup processes;
    private final PolicyApi api;
    private @Nullable ServiceProcess config;
    private @Nullable ServiceProcess policy;

    /**
     * What the control plane needs to know.
     *
     * @param home the checkout
     * @param repository folder of the Git repository
     * @param state where policy-service keeps the authority's key and more
     * @param certificates TLS secrets, {@code NAMESPACE/NAME/tls.crt} and {@code tls.key}
     * @param webCa root that the issuer's certificate is signed by
     * @param joinToken by which the demo's own proxies join
     */
    public record Setup(
            Path home,
            Topology topology,
            Path repository,
            Path state,
            Path certificates,
            Path webCa,
            Secret joinToken) {}

    public ControlPlane(Setup setup, ProcessGroup processes) {
        this.setup = setup;
        this.processes = processes;
        this.api = new PolicyApi(setup.topology().control().api());
    }

    public PolicyApi api() {
        return api;
    }

    /** Starts both; returns at once. */
    public synchronized void start() {
        Topology.ControlPorts ports = setup.topology().control();
        config =
                processes.start(
                        "config-service",
                        ExecutableJar.of(setup.home().resolve("config-service")),
                        CONFIG_HEAP,
                        List.of(),
                        List.of(
                                List.of(
                                        "--server.port=" + ports.config(),
                                        "--weft.config.git.uri=" + setup.repository().toUri())));
        policy =
                processes.start(
                        "policy-service",
                        ExecutableJar.of(setup.home().resolve("policy-service")),
                        POLICY_HEAP,
                        List.of(),
                        List.of(policyArguments(ports)),
                        policyEnvironment());
    }

    private List<String> policyArguments(Topology.ControlPorts ports) {
        return List.of(
                "--server.port=" + ports.api(),
                "--weft.policy.config-url=http://127.0.0.1:" + ports.config(),
                "--weft.policy.state-dir=" + setup.state(),
                "--weft.policy.join-port=" + ports.join(),
                "--weft.policy.mesh-port=" + ports.stream(),
                "--weft.policy.certificates-dir=" + setup.certificates(),
                "--weft.policy.jwks.ca-file=" + setup.webCa(),
                "--weft.policy.jwks.hosts["
                        + Topology.AUTH_HOST
                        + "]=127.0.0.1:"
                        + setup.topology().authPort());
    }

    /** Not on the command line, which every user of the machine can read. */
    private Map<String, String> policyEnvironment() {
        return Map.of("WEFT_POLICY_JOIN_REUSABLETOKENS_0_TOKEN", setup.joinToken().reveal());
    }

    /** Both die at once, as in a crash; returns when they are gone. */
    public synchronized void kill() {
        for (ServiceProcess process : new ServiceProcess[] {config, policy}) {
            if (process != null) {
                processes.forget(process);
                process.kill();
            }
        }
    }

    /**
     * Returns when the commit is in force and the authority's root can be read.
     *
     * @throws DemoProblem when the commit is refused, a service has ended, or nothing happens
     */
    public void awaitReady(String commit, Path caFile) throws InterruptedException {
        List<PolicyApi.Refusal> refusals = new ArrayList<>();
        boolean ready =
                Deadline.in(START)
                        .awaitTrue(() -> {
                            if (!processes.dead().isEmpty()) {
                                return true;
                            }
                            refusals.addAll(api.refusals(commit));
                            return !refusals.isEmpty()
                                    || (api.commitInForce().equals(commit) && Files.exists(caFile));
                        });
        for (PolicyApi.Refusal refusal : refusals) {
            if (refusal.isError()) {
                throw new DemoProblem(DemoProblem.BAD_DATA, "policies refused: " + refusal);
            }
        }
        for (ServiceProcess dead : processes.dead()) {
            throw new DemoProblem(
                    DemoProblem.FAILED, dead.name() + " ended by itself: " + dead.logTail());
        }
        if (!ready) {
            throw new DemoProblem(
                    DemoProblem.FAILED,
                    "policy-service: no configuration in force after "
                            + START.toSeconds()
                            + " s (expected: "
                            + commit
                            + ")");
        }
    }

    /** Whether a port that it needs is taken, for a clear word before anything starts. */
    public static void requireFree(int port, String option) {
        if (!Ports.isFree(port)) {
            throw new DemoProblem(
                    DemoProblem.UNAVAILABLE,
                    option
                            + ": "
                            + port
                            + " is taken (expected: a free port); choose another one, or leave the option out");
        }
    }
}
