package io.weft.testkit.lab.control;

import io.weft.testkit.lab.mesh.LabGateway;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabProblem;
import io.weft.testkit.lab.mesh.LabReplica;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The lab's metrics, and where a Prometheus finds them. Thread-safe.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/http_sd/">HTTP service discovery</a>
 */
public final class Scrapes {

    private static final String PATH = "/stats/prometheus";

    private final LabMesh mesh;

    public Scrapes(LabMesh mesh) {
        this.mesh = mesh;
    }

    /** Text in Prometheus' format. */
    record Metrics(String text) {}

    /** A group of targets, as Prometheus' HTTP service discovery has it. */
    public record Target(List<String> targets, Map<String, String> labels) {}

    Metrics controlPlane() {
        return new Metrics(mesh.control().scrape());
    }

    Metrics proxy(String instance) {
        return mesh.scrape(instance)
                .map(Metrics::new)
                .orElseThrow(() ->
                        new LabProblem(
                                "instance: '" + instance + "' (expected: one of GET /targets)"));
    }

    /** Every sidecar and gateway, and the control plane, with the jobs that dashboards know. */
    public List<Target> targets(String uri) {
        List<Target> targets = new ArrayList<>();
        String address = URI.create(uri).getAuthority();
        targets.add(
                new Target(
                        List.of(address),
                        Map.of("job", "policy-service", "__metrics_path__", PATH)));
        for (LabGateway gateway : mesh.gateways()) {
            targets.add(proxy(address, gateway.instance(), gateway.spec().namespace()));
        }
        for (LabReplica replica : mesh.replicas()) {
            if (replica.proxy() != null) {
                targets.add(proxy(address, replica.instance(), replica.workload().namespace()));
            }
        }
        return targets;
    }

    private static Target proxy(String address, String instance, String namespace) {
        return new Target(
                List.of(address),
                Map.of(
                        "job",
                        "istio-proxy",
                        "instance",
                        instance,
                        "pod_name",
                        instance,
                        "namespace",
                        namespace,
                        "__metrics_path__",
                        PATH + "/" + instance));
    }
}
