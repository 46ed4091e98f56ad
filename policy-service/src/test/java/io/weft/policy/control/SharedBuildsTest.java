package io.weft.policy.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.ConfigProviders;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.Subscription;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedBuildsTest {

    private static final CompiledPolicies POLICIES =
            MeshCompiler.compile(
                    List.of(new SourceFile("mesh/s1.yaml", ServiceChain.service(1))),
                    CompilerOptions.DEFAULT);

    private static Session session(int number, String version, String route) {
        Session session =
                new Session(
                        new SpiffeId("cluster.local", "shop", "s0"),
                        new Registration(
                                "s0-" + number,
                                new WorkloadId("shop", "s0"),
                                "s0",
                                Map.of("app", "s0", "version", version),
                                Locality.UNKNOWN,
                                "",
                                "10.0.0." + number,
                                List.of(new RegisteredPort("http", 8080, AppProtocol.HTTP, 15006)),
                                List.of(),
                                false,
                                true,
                                true));
        session.subscribed(new Subscription(List.of(route), Map.of()));
        return session;
    }

    private static WorkloadBuilds builds() {
        return new WorkloadBuilds(
                new WorkloadConfigBuilder(POLICIES, POLICIES.catalog(), ConfigProviders.NONE));
    }

    @Test
    void instancesThatAreAlikeShareOneConfigurationAndOthersDoNot() {
        WorkloadBuilds builds = builds();
        List<Session> alike =
                IntStream.range(0, 40).mapToObj(i -> session(i, "v1", "s1:80")).toList();
        builds.prepare(alike);
        WorkloadBuilds.Outcome first = builds.of(WorkloadBuilds.Scope.of(alike.getFirst()));
        assertThat(alike)
                .allSatisfy(session ->
                        assertThat(builds.of(WorkloadBuilds.Scope.of(session))).isSameAs(first));
        assertThat(builds.of(WorkloadBuilds.Scope.of(session(50, "v2", "s1:80"))))
                .isNotSameAs(first);
        assertThat(builds.of(WorkloadBuilds.Scope.of(session(51, "v1", "nowhere:80"))))
                .isNotEqualTo(first);
    }

    @Test
    void whatIsTheSameAgainIsTheSameObjectSoThatNobodyIsToldOfIt() {
        ResourceHashes hashes = new ResourceHashes(new MeshCodec());
        Session session = session(1, "v1", "s1:80");
        ResourceVersions before = versions(session, ResourceVersions.NONE, hashes);
        assertThat(versions(session, before, hashes)).isSameAs(before);
        assertThat(before.isSame(ResourceVersions.NONE)).isFalse();
    }

    private static ResourceVersions versions(
            Session session, ResourceVersions before, ResourceHashes hashes) {
        return switch (builds().of(WorkloadBuilds.Scope.of(session))) {
            case WorkloadBuilds.Built built ->
                    ResourceVersions.of(built.resources(), before, hashes);
            case WorkloadBuilds.Failed failed -> throw failed.why();
        };
    }
}
