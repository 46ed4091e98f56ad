package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboundAssemblyTest {

    private static Map<String, MeshResource> ask(String hostAndPort) {
        return new Scenario()
                .workload("blog/users ports=9090:GRPC services=users")
                .workload("blog/caller ports=8080:HTTP services=caller")
                .config("blog/caller", hostAndPort);
    }

    @Test
    void portZeroAsksForTheOnlyPortOfAService() {
        Map<String, MeshResource> answer = ask("users:0");
        assertThat(answer.get("routes/users:0")).isInstanceOf(RouteTable.class);
        assertThat(answer).containsKey("cluster/users.blog.svc.cluster.local:9090");
    }

    @Test
    void portZeroOfAHostThatNobodyKnowsIsUnknown() {
        assertThat(ask("nobody:0").get("routes/nobody:0")).isInstanceOf(UnknownHost.class);
        assertThat(ask("users:99999").get("routes/users:99999")).isInstanceOf(UnknownHost.class);
        assertThat(ask("users").get("routes/users")).isInstanceOf(UnknownHost.class);
    }
}
