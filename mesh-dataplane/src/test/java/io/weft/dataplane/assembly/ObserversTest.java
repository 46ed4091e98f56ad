package io.weft.dataplane.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Resources;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.TrustBundle;
import io.weft.model.resource.WorkloadConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObserversTest {

    private static WorkloadConfig known(String... aliases) {
        WorkloadConfig config = Resources.workload("api", OutboundPolicy.ALLOW_ANY);
        return new WorkloadConfig(
                config.workload(),
                config.trustDomain(),
                List.of(aliases),
                config.pathNormalization(),
                config.outboundPolicy(),
                config.inbound(),
                config.undeclared(),
                config.servers(),
                config.gatewayJwt(),
                config.gatewayAuthz(),
                config.trustedProxies(),
                config.externalAuthorizers(),
                config.telemetry());
    }

    private static Map<String, String> bundles(WorkloadConfig config, TrustBundle... bundles) {
        Map<String, MeshResource> resources = new java.util.HashMap<>();
        resources.put(ResourceKeys.WORKLOAD, config);
        for (TrustBundle bundle : bundles) {
            resources.put(bundle.key(), bundle);
        }
        return Observers.bundles(resources);
    }

    @Test
    void ourRootsVouchForPeersUnderTheOtherNamesOfOurTrustDomain() {
        assertThat(bundles(known("old.example"), new TrustBundle("cluster.local", "ours")))
                .isEqualTo(Map.of("cluster.local", "ours", "old.example", "ours"));
        assertThat(bundles(known(), new TrustBundle("cluster.local", "ours")))
                .containsOnlyKeys("cluster.local");
    }

    @Test
    void aNameWithRootsOfItsOwnKeepsThem() {
        assertThat(
                        bundles(
                                known("old.example"),
                                new TrustBundle("cluster.local", "ours"),
                                new TrustBundle("old.example", "theirs")))
                .containsEntry("old.example", "theirs");
    }

    @Test
    void keysOfTokensFollowTheRootsToTheOtherNames() {
        Map<String, MeshResource> resources = new java.util.HashMap<>();
        resources.put(ResourceKeys.WORKLOAD, known("old.example", "older.example"));
        for (TrustBundle bundle :
                List.of(
                        new TrustBundle("cluster.local", "ours", null, "our keys"),
                        new TrustBundle("older.example", "theirs", null, null))) {
            resources.put(bundle.key(), bundle);
        }
        assertThat(Observers.tokenKeys(resources))
                .isEqualTo(Map.of("cluster.local", "our keys", "old.example", "our keys"));
    }
}
