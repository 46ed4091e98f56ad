package io.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.Secret;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.wire.MeshCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Asks everything that a sidecar's actuator offers and looks for what nobody may see. */
@Timeout(60)
class SecretsTest {

    private static final Pattern HREF = Pattern.compile("\"href\":\"([^\"]+)\"");
    private static final String KEY = "planted-private-key";
    private static final String JOIN_TOKEN = "planted-join-token";

    @TempDir Path directory;

    /** A configuration file. */
    private record Document(String revision, String commit, List<MeshResource> resources) {}

    private Path configuration() throws Exception {
        WorkloadConfig workload =
                new WorkloadConfig(
                        new WorkloadId("ns", "app"),
                        "cluster.local",
                        List.of(),
                        PathNormalization.BASE,
                        OutboundPolicy.ALLOW_ANY,
                        List.of(),
                        new InboundPort(
                                0,
                                "none",
                                AppProtocol.AUTO,
                                "",
                                MtlsMode.PERMISSIVE,
                                Origin.builtIn("test"),
                                List.of(),
                                AuthzProgram.ALLOW_ALL,
                                List.of()),
                        List.of(),
                        List.of(),
                        AuthzProgram.ALLOW_ALL,
                        0,
                        List.of(),
                        Telemetry.DEFAULT);
        return Files.write(
                directory.resolve("mesh.json"),
                new MeshCodec()
                        .write(
                                new Document(
                                        "1",
                                        "c0ffee",
                                        List.of(
                                                workload,
                                                new Certificate(
                                                        "ns/tls", "none", new Secret(KEY), "")))));
    }

    @Test
    void noAnswerOfTheActuatorHoldsASecret() throws Exception {
        try (ConfigurableApplicationContext context =
                        new SpringApplicationBuilder(MeshAgentApplication.class)
                                .run(
                                        "--weft.mesh.config-file=" + configuration(),
                                        "--weft.mesh.state-dir=" + directory.resolve("state"),
                                        "--weft.mesh.namespace=ns",
                                        "--weft.mesh.workload=app",
                                        "--weft.mesh.join.token=" + JOIN_TOKEN,
                                        "--weft.mesh.outbound-port=0",
                                        "--weft.mesh.ports.health=0",
                                        "--weft.mesh.ports.metrics=0",
                                        "--weft.mesh.drain-time=100ms",
                                        "--server.port=0");
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(
                            context.getBean(MeshProxy.class)
                                    .plane()
                                    .awaitConfigured(Duration.ofSeconds(20)))
                    .isTrue();
            URI base =
                    URI.create(
                            "http://127.0.0.1:"
                                    + context.getEnvironment().getProperty("local.server.port"));
            Deque<String> links = new ArrayDeque<>(List.of("/actuator", "/nothing", "/error"));
            for (String part :
                    List.of("listeners", "routes", "clusters", "endpoints", "certificates")) {
                links.add("/actuator/mesh/" + part);
            }
            for (String not : List.of("env", "configprops", "heapdump", "threaddump", "beans")) {
                links.add("/actuator/" + not);
            }
            Set<URI> seen = new LinkedHashSet<>();
            while (!links.isEmpty()) {
                URI next = base.resolve(links.poll());
                if (!seen.add(next)) {
                    continue;
                }
                HttpResponse<String> answer =
                        http.send(
                                HttpRequest.newBuilder(next)
                                        .timeout(Duration.ofSeconds(30))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(answer.headers().map() + answer.body())
                        .as(next.getPath())
                        .doesNotContain(KEY, JOIN_TOKEN, "PRIVATE KEY", "\tat ");
                Matcher href = HREF.matcher(answer.body());
                while (href.find()) {
                    links.add(href.group(1).replaceAll("\\{[^}]*}", "x"));
                }
            }
            assertThat(seen).hasSizeGreaterThan(15);
        }
    }
}
