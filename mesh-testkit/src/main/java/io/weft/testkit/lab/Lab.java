package io.weft.testkit.lab;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.policy.state.StartFailure;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.ControlServer;
import io.weft.testkit.lab.control.Scrapes;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabProblem;
import io.weft.testkit.lab.mesh.LabSettings;
import io.weft.testkit.lab.topology.Topology;
import io.weft.testkit.lab.topology.TopologyReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A running lab. Many can live in one process. Thread-safe.
 *
 * <pre>{@code
 * try (Lab lab = Lab.start("topology.yaml", topology, List.of(new PolicyFile("p.yaml", policies)))) {
 *     lab.api().request(…);
 * }
 * }</pre>
 */
public final class Lab implements AutoCloseable {

    private final LabMesh mesh;
    private final ControlApi api;
    private final ControlServer server;
    private final long startMillis;

    private Lab(LabMesh mesh, long startMillis) {
        this.mesh = mesh;
        this.api = new ControlApi(mesh);
        this.server = new ControlServer(api, new Scrapes(mesh));
        this.startMillis = startMillis;
    }

    /**
     * Starts one in the usual trust domain and root namespace.
     *
     * @param file as diagnostics shall name the topology
     * @param topology its text
     * @throws LabProblem when something is wrong with the input
     */
    public static Lab start(String file, String topology, List<PolicyFile> resources) {
        return start(
                file, topology, resources, LabSettings.TRUST_DOMAIN, LabSettings.ROOT_NAMESPACE);
    }

    /**
     * Starts one; when this returns, every sidecar has acknowledged its configuration.
     *
     * @throws LabProblem when something is wrong with the input; nothing is left running
     * @throws IllegalStateException when it does not come up all the same
     */
    public static Lab start(
            String file,
            String topology,
            List<PolicyFile> resources,
            String trustDomain,
            String rootNamespace) {
        return start(file, topology, resources, trustDomain, rootNamespace, null);
    }

    /**
     * The same, with spans, metrics and OpenTelemetry access logs sent to a receiver.
     *
     * @param otlpEndpoint {@code http://host:port}, null for none
     */
    public static Lab start(
            String file,
            String topology,
            List<PolicyFile> resources,
            String trustDomain,
            String rootNamespace,
            @Nullable String otlpEndpoint) {
        long start = System.nanoTime();
        TopologyReader.Result read = TopologyReader.read(file, topology);
        Topology found = read.topology();
        if (found == null) {
            throw new LabProblem(
                    read.diagnostics().stream()
                            .filter(Diagnostic::isError)
                            .map(Diagnostic::format)
                            .toList());
        }
        try {
            LabMesh mesh =
                    LabMesh.start(
                            new LabSettings(
                                    found, resources, trustDomain, rootNamespace, otlpEndpoint));
            return new Lab(mesh, (System.nanoTime() - start) / 1_000_000);
        } catch (StartFailure failure) {
            throw new IllegalStateException(String.valueOf(failure.getMessage()), failure);
        }
    }

    /** What the control API does, by call. */
    public ControlApi api() {
        return api;
    }

    /** Where the control API listens. */
    public String control() {
        return server.uri();
    }

    /** The mesh itself. */
    public LabMesh mesh() {
        return mesh;
    }

    /** How long it took to start. */
    public long startMillis() {
        return startMillis;
    }

    @Override
    public void close() {
        server.close();
        mesh.close();
    }
}
