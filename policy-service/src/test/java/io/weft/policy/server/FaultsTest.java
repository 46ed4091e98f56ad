package io.weft.policy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.Secret;
import io.weft.model.wire.JoinRequest;
import io.weft.policy.ca.RotationPhase;
import io.weft.policy.control.ControlStatus;
import io.weft.policy.control.PublishOutcome;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running control plane that is given what it must survive, with a workload connected. */
@Timeout(90)
class FaultsTest {

    private static final String USERS = "users.blog:80";
    private static final int MANY = 10_000;

    @TempDir Path directory;
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private PolicyServer server;
    private Path mounted;

    @BeforeEach
    void start() throws Exception {
        mounted = Files.createDirectory(directory.resolve("disk"));
        server = started();
    }

    private PolicyServer started() {
        return PolicyServer.start(PolicyServerSettings.in(mounted.resolve("state")).clock(clock));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private PublishOutcome publish(String commit, List<PolicyFile> files) throws Exception {
        return server.control()
                .publish(
                        new PolicyBundle(commit, null, "an author", "a message", null, files, null))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static List<PolicyFile> files(String... texts) {
        List<PolicyFile> files = new ArrayList<>();
        for (String text : texts) {
            files.add(new PolicyFile("mesh/" + files.size() + ".yaml", text));
        }
        return files;
    }

    private static String service(String name, int port) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: blog}
        spec:
          selector: {app: %s}
          ports: [{name: http, port: %d, targetPort: 9090}]
        """
                .formatted(name, name, port);
    }

    private TestWorkload connected() throws Exception {
        TestWorkload web = TestWorkload.joined(server, "blog", "web", "web-0");
        web.register(web.registration(9090, true));
        web.subscribe(USERS);
        web.open();
        return web;
    }

    private ControlStatus status() throws Exception {
        return server.control().status().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static String bomb() {
        StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            text.append("a%d: &a%d [".formatted(i, i));
            text.append("*a%d,".formatted(i - 1).repeat(9)).append("]\n");
        }
        return text.toString();
    }

    @Test
    void hostileFilesAreRefusedWithTheirPlaceAndWhatIsInForceStays() throws Exception {
        publish("c1", files(service("users", 80)));
        try (TestWorkload web = connected()) {
            web.take();
            String head = "apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: blog}\n";
            List<String> hostile =
                    List.of(
                            bomb(),
                            head + bomb(),
                            "a: &a [*a]\n",
                            "a: &a {<<: *a}\n",
                            head + "spec: {ports: []}\nspec: {ports: []}\n",
                            head + "spec: " + "[".repeat(50_000),
                            head + "spec: " + "{a: ".repeat(5_000),
                            "!!javax.script.ScriptEngineManager [!!java.net.URL [\"http://x\"]]\n",
                            "kind: \"a\0b\"\n",
                            "x".repeat(11 << 20),
                            "%YAML 9.9\n---\n{}\n",
                            "\ud800",
                            "- - - -\n\t- x\n");
            int number = 1;
            for (String text : hostile) {
                PublishOutcome outcome =
                        publish("bad" + number++, files(service("users", 81), text));
                String what = text.substring(0, Math.min(text.length(), 40));
                assertThat(outcome.accepted()).as(what).isFalse();
                assertThat(outcome.diagnostics())
                        .as(what)
                        .anyMatch(each -> each.isError() && "mesh/1.yaml".equals(each.file()));
                assertThat(status().inForce().commit()).as(what).isEqualTo("c1");
            }
            assertThat(web.hasNoDelta()).isTrue();
            publish("c2", files(service("users", 82)));
            assertThat(web.take().commit()).isEqualTo("c2");
        }
    }

    @Test
    void tenThousandResourcesAreTakenAndOnlyWhatConcernsIsSent() throws Exception {
        List<PolicyFile> files = new ArrayList<>(files(service("users", 80)));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < MANY; i++) {
            text.append("---\n");
            text.append(
                    i % 2 == 0
                            ? service("s" + i, 80)
                            : """
                            apiVersion: security.istio.io/v1
                            kind: AuthorizationPolicy
                            metadata: {name: p%d, namespace: blog}
                            spec:
                              selector: {matchLabels: {app: s%d}}
                              rules: [{to: [{operation: {paths: [/p%d]}}]}]
                            """
                                    .formatted(i, i - 1, i));
        }
        files.add(new PolicyFile("mesh/many.yaml", text.toString()));
        PublishOutcome outcome = publish("many", files);
        assertThat(outcome.accepted()).as("%s", outcome.diagnostics()).isTrue();
        try (TestWorkload web = connected()) {
            assertThat(web.take().updates()).hasSizeLessThan(50);
        }
    }

    @Test
    void aClockThatStepsBreaksNoStreamAndGivesNoUselessCertificates() throws Exception {
        publish("c1", files(service("users", 80)));
        try (TestWorkload web = connected()) {
            web.take();
            int step = 0;
            for (long seconds : new long[] {0, -30, 2400, -20, 0}) {
                ahead = Duration.ofSeconds(seconds);
                publish("step" + ++step, files(service("users", 80 + step % 2)));
                assertThat(web.take().commit()).as("%s", ahead).isEqualTo("step" + step);
            }
            ahead = Duration.ofDays(-400);
            Secret token = server.tokens().create("blog", "web", Duration.ofMinutes(5)).token();
            JoinRequest again =
                    new JoinRequest(token, "blog", "web", TestKeys.csr(web.keys, web.id.uri()));
            assertThat(TestWorkload.join(server, again).statusCode())
                    .as("before the authority's time")
                    .isBetween(400, 599);
            ahead = Duration.ZERO;
            assertThat(web.renew(TestKeys.csr(web.keys, web.id.uri())).statusCode()).isEqualTo(200);
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(mounted.resolve("filler"))) {
            byte[] block = new byte[512];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** A disk of two megabytes, where the machine lets one make it. */
    @Test
    void aFullDiskCostsNoPolicyAndChangesNoAuthority() throws Exception {
        server.close();
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mounted.toString()),
                "needs the right to mount");
        try {
            server = started();
            publish("c1", files(service("users", 80)));
            String roots = server.authority().trustBundlePem();
            try (TestWorkload web = connected()) {
                web.take();
                fill();
                assertThat(publish("c2", files(service("users", 81))).accepted()).isTrue();
                assertThat(web.take().commit()).isEqualTo("c2");
                assertThat(web.renew(TestKeys.csr(web.keys, web.id.uri())).statusCode())
                        .isEqualTo(200);
                assertThatThrownBy(() -> server.rotation().advance(false))
                        .hasMessageContaining("cannot be written");
                assertThat(server.authority().view().phase()).isEqualTo(RotationPhase.STEADY);
                assertThat(server.authority().trustBundlePem()).isEqualTo(roots);
                server.close();
                server = started();
                assertThat(server.authority().trustBundlePem())
                        .as("after a restart on the full disk")
                        .isEqualTo(roots);
                assertThat(status().inForce().commit()).isIn("c1", "c2");
                Files.delete(mounted.resolve("filler"));
                publish("c3", files(service("users", 82)));
                server.rotation().advance(true);
                assertThat(server.authority().view().phase()).isEqualTo(RotationPhase.ANNOUNCED);
                server.close();
                server = started();
                assertThat(status().inForce().commit()).isEqualTo("c3");
                assertThat(server.authority().view().phase()).isEqualTo(RotationPhase.ANNOUNCED);
            }
        } finally {
            server.close();
            assertThat(run("umount", mounted.toString())).isTrue();
            server = started();
        }
    }
}
