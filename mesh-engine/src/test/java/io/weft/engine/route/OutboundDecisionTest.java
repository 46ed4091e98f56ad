package io.weft.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundNetwork;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.match.Cidr;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.telemetry.Telemetry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutboundDecisionTest {

    private static final Origin DENY =
            new Origin(Dialect.LINKERD, "EgressNetwork", "shop", "deny", "mesh/e.yaml", 1);
    private static final Origin ALLOW =
            new Origin(Dialect.LINKERD, "EgressNetwork", "shop", "allow", "mesh/e.yaml", 9);

    private static OutboundNetwork network(
            String cidr, OutboundPolicy policy, Origin origin, String... except) {
        return new OutboundNetwork(
                Cidr.parse(cidr), Stream.of(except).map(Cidr::parse).toList(), policy, origin);
    }

    private static WorkloadConfig config(OutboundPolicy rest, OutboundNetwork... networks) {
        InboundPort undeclared =
                new InboundPort(
                        0,
                        "",
                        AppProtocol.AUTO,
                        "",
                        MtlsMode.PERMISSIVE,
                        Origin.builtIn("test"),
                        List.of(),
                        AuthzProgram.ALLOW_ALL,
                        List.of());
        return new WorkloadConfig(
                        new WorkloadId("shop", "web"),
                        "cluster.local",
                        List.of(),
                        PathNormalization.BASE,
                        rest,
                        List.of(),
                        undeclared,
                        List.of(),
                        List.of(),
                        AuthzProgram.ALLOW_ALL,
                        0,
                        List.of(),
                        Telemetry.DEFAULT)
                .with(List.of(networks));
    }

    @Test
    void theFirstNetworkThatCoversTheAddressDecides() {
        WorkloadConfig config =
                config(
                        OutboundPolicy.ALLOW_ANY,
                        network("10.1.0.0/16", OutboundPolicy.ALLOW_ANY, ALLOW),
                        network("10.0.0.0/8", OutboundPolicy.REGISTRY_ONLY, DENY, "10.9.0.0/16"));
        assertThat(OutboundDecision.of(config, "10.1.2.3").origin()).isEqualTo(ALLOW);
        assertThat(OutboundDecision.of(config, "10.2.2.3").origin()).isEqualTo(DENY);
        assertThat(OutboundDecision.of(config, "10.2.2.3").closed()).isTrue();
        assertThat(OutboundDecision.of(config, "10.9.2.3").closed()).as("an exception").isFalse();
        assertThat(OutboundDecision.of(config, "192.0.2.1").origin().isBuiltIn()).isTrue();
        assertThat(OutboundDecision.of(config, "2001:db8::1").closed()).isFalse();
    }

    @Test
    void aNameIsRefusedWhereItMightLeadIntoAClosedNetwork() {
        assertThat(
                        OutboundDecision.of(
                                        config(
                                                OutboundPolicy.ALLOW_ANY,
                                                network(
                                                        "10.0.0.0/8",
                                                        OutboundPolicy.REGISTRY_ONLY,
                                                        DENY)),
                                        "example.com")
                                .closed())
                .isTrue();
        assertThat(
                        OutboundDecision.of(
                                        config(
                                                OutboundPolicy.REGISTRY_ONLY,
                                                network(
                                                        "10.0.0.0/8",
                                                        OutboundPolicy.ALLOW_ANY,
                                                        ALLOW)),
                                        "example.com")
                                .closed())
                .isTrue();
        assertThat(OutboundDecision.of(config(OutboundPolicy.ALLOW_ANY), "example.com").closed())
                .isFalse();
    }
}
