package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Consul's annotations of pods are told, never passed over in silence. */
class ConsulAnnotationsTest {

    private static List<Diagnostic> found(String upstreams) {
        return new Scenario()
                .yaml(
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: api, namespace: blog}
                        spec:
                          selector: {matchLabels: {app: api}}
                          template:
                            metadata:
                              labels: {app: api}
                              annotations:
                                consul.hashicorp.com/connect-inject: "true"
                                consul.hashicorp.com/connect-service-port: "8080"
                                consul.hashicorp.com/connect-service-upstreams: "%s"
                        """
                                .formatted(upstreams))
                .compile()
                .diagnostics();
    }

    @Test
    void upstreamsAreLocalPortsOfTheSidecar() {
        List<Diagnostic> told = found("user-service:9091, search.infra:9092");
        assertThat(told).hasSize(3).allMatch(d -> d.level() == Level.INFO);
        assertThat(told.getLast().line()).isEqualTo(12);
        assertThat(told.getLast().message())
                .contains("http://localhost:9091 is user-service.blog")
                .contains("http://localhost:9092 is search.infra")
                .contains("weft.mesh.upstreams");
    }

    @Test
    void anUpstreamThatIsNoneIsAWarning() {
        assertThat(found("user-service"))
                .filteredOn(d -> d.level() == Level.WARNING)
                .singleElement()
                .satisfies(d -> assertThat(d.message()).contains("'user-service' (expected: "));
        assertThat(found("user-service:99999"))
                .filteredOn(d -> d.level() == Level.WARNING)
                .hasSize(1);
    }
}
