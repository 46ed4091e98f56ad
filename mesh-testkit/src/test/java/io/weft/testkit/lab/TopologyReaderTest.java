package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.AppProtocol;
import io.weft.testkit.lab.topology.PortSpec;
import io.weft.testkit.lab.topology.Topology;
import io.weft.testkit.lab.topology.TopologyReader;
import io.weft.testkit.lab.topology.WorkloadSpec;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TopologyReaderTest {

    @Test
    void whatIsNotWrittenHasItsDefault() {
        Topology topology = read("workloads:\n- {name: a, namespace: ns1}\n");
        WorkloadSpec a = topology.workloads().getFirst();
        assertThat(a.serviceAccount()).isEqualTo("a");
        assertThat(a.service()).isEqualTo("a");
        assertThat(a.labels()).containsEntry("app", "a");
        assertThat(a.replicas()).isEqualTo(1);
        assertThat(a.sidecar()).isTrue();
        assertThat(a.ports())
                .containsExactly(
                        new PortSpec(
                                "http", 80, 80, AppProtocol.HTTP, PortSpec.Bind.EVERYWHERE, false));
    }

    @Test
    void portsSpeakWhatTheyDeclareOrWhatTheirNameSays() {
        Topology topology =
                read(
                        """
                        workloads:
                        - name: a
                          ports:
                          - {name: web, port: 1, protocol: WebSocket}
                          - {name: grpc-main, port: 2, targetPort: 22}
                          - {name: odd, port: 3}
                          - {name: inner, targetPort: 9, protocol: TCP, bind: localhost, serverFirst: true}
                        """);
        List<PortSpec> ports = topology.workloads().getFirst().ports();
        assertThat(ports)
                .extracting(PortSpec::protocol)
                .containsExactly(
                        AppProtocol.HTTP, AppProtocol.GRPC, AppProtocol.AUTO, AppProtocol.TCP);
        assertThat(ports).extracting(PortSpec::targetPort).containsExactly(1, 22, 3, 9);
        assertThat(ports.getLast().port()).isZero();
        assertThat(ports.getLast().bind()).isEqualTo(PortSpec.Bind.LOCALHOST);
    }

    @Test
    void anUnknownFieldIsAnErrorWithItsPlaceAndAMend() {
        assertThat(problems("workloads:\n- name: a\n  replica: 2\n"))
                .singleElement()
                .asString()
                .contains("workloads[0].replica")
                .contains("topology.yaml:3")
                .contains("did you mean replicas?");
    }

    @Test
    void everyProblemIsReportedAtItsLine() {
        List<String> problems =
                problems(
                        """
                        workloads:
                        - {name: a, namespace: ns1, replicas: many}
                        - {name: a, namespace: ns1}
                        - name: b
                          address: 10.0.0.1
                          ports:
                          - {name: x, port: 70000}
                          - {name: y, port: 80, protocol: SMTP}
                        certificates:
                        - {name: c}
                        """);
        assertThat(problems).anyMatch(p -> p.contains("topology.yaml:2") && p.contains("many"));
        assertThat(problems)
                .anyMatch(p -> p.contains("topology.yaml:3") && p.contains("declared already"));
        assertThat(problems).anyMatch(p -> p.contains("topology.yaml:5") && p.contains("10.0.0.1"));
        assertThat(problems).anyMatch(p -> p.contains("topology.yaml:7") && p.contains("70000"));
        assertThat(problems).anyMatch(p -> p.contains("topology.yaml:8") && p.contains("SMTP"));
        assertThat(problems).anyMatch(p -> p.contains("dnsNames") && p.contains("missing"));
    }

    @Test
    void whatIsDeclaredTwiceIsAnError() {
        List<String> problems =
                problems(
                        """
                        workloads:
                        - {name: a, address: 127.300.1.1, ports: [{port: 80}, {port: 80, targetPort: 81}]}
                        gateways: [{name: g, ports: [80, 80]}]
                        certificates: [{name: c, dnsNames: [x]}, {name: c, dnsNames: [y]}]
                        jwtIssuers: [{issuer: x}, {issuer: x}]
                        extAuthz: {httpPort: 8000, grpcPort: 8000}
                        """);
        assertThat(problems).hasSize(6);
        assertThat(problems).anyMatch(p -> p.contains("yaml:2") && p.contains("127.300.1.1"));
        assertThat(problems).anyMatch(p -> p.contains("yaml:2") && p.contains("port 80 already"));
        assertThat(problems).anyMatch(p -> p.contains("yaml:3") && p.contains("port 80"));
        assertThat(problems).anyMatch(p -> p.contains("yaml:4") && p.contains("istio-system/c"));
        assertThat(problems).anyMatch(p -> p.contains("yaml:5") && p.contains("issuer x"));
        assertThat(problems).anyMatch(p -> p.contains("yaml:6") && p.contains("port 8000"));
    }

    @Test
    void textThatIsNoYamlIsOneProblemOrMoreAndNoTopology() {
        TopologyReader.Result result = TopologyReader.read("topology.yaml", "workloads: [");
        assertThat(result.topology()).isNull();
        assertThat(result.diagnostics()).anyMatch(Diagnostic::isError);
    }

    @Test
    void meshConfigKeepsItsLines() {
        Topology topology =
                read(
                        """
                        workloads: [{name: a}]
                        meshConfig:
                          trustDomainAliases:
                          - old.example
                          accessLogFormat: "a \\"quoted\\" line"
                        """);
        List<String> lines = topology.meshConfig().lines().toList();
        assertThat(lines.get(2)).contains("trustDomainAliases");
        assertThat(lines.get(3)).contains("\"old.example\"");
        assertThat(lines.get(4)).contains("accessLogFormat");
    }

    private static Topology read(String text) {
        TopologyReader.Result result = TopologyReader.read("topology.yaml", text);
        assertThat(result.diagnostics()).isEmpty();
        return Objects.requireNonNull(result.topology());
    }

    private static List<String> problems(String text) {
        TopologyReader.Result result = TopologyReader.read("topology.yaml", text);
        assertThat(result.topology()).isNull();
        return result.diagnostics().stream().map(Diagnostic::format).toList();
    }
}
