package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.ca.CaSettings;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.Pem;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptsTest {

    @TempDir Path folder;

    @Test
    void theAuthorityThatTheScriptMakesIsOneThatPolicyServiceSignsWith()
            throws IOException, InterruptedException {
        Command.assumeInstalled("openssl");
        Path keys = folder.resolve("authority");
        makeKeys("authority", keys.toString(), "cluster.local");
        CaSettings defaults = CaSettings.forTrustDomain("cluster.local");
        CaSettings settings =
                new CaSettings(
                        "cluster.local",
                        defaults.svidLifetime(),
                        defaults.issuesPerMinute(),
                        defaults.serverNames(),
                        new CaSettings.KeyFiles(
                                keys.resolve("chain.pem"),
                                keys.resolve("key.pem"),
                                keys.resolve("roots.pem")));
        CertificateAuthority authority =
                CertificateAuthority.open(
                        settings,
                        StateDirectory.open(folder.resolve("state")),
                        InstantSource.system());
        assertThat(authority.trustBundlePem().strip())
                .isEqualTo(Project.text(keys.resolve("root.pem")).strip());
        X509Certificate root = certificate(keys.resolve("root.pem"));
        X509Certificate intermediate = certificate(keys.resolve("chain.pem"));
        assertThat(root.getBasicConstraints()).isEqualTo(1);
        assertThat(intermediate.getBasicConstraints()).isZero();
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(keys.resolve("key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsThereAlreadyStays() throws IOException, InterruptedException {
        Command.assumeInstalled("openssl");
        Path token = folder.resolve("tokens/config");
        makeKeys("token", token.toString());
        makeKeys("authority", folder.toString(), "cluster.local");
        String before = Project.text(token) + Project.text(folder.resolve("key.pem"));
        makeKeys("token", token.toString());
        makeKeys("authority", folder.toString(), "cluster.local");
        assertThat(Project.text(token) + Project.text(folder.resolve("key.pem"))).isEqualTo(before);
        assertThat(Project.text(token)).matches("[0-9a-f]{64}");
    }

    @Test
    void theServerCertificateIsForItsNamesAndByAnAuthorityThatCanMakeNoOther() throws Exception {
        Command.assumeInstalled("openssl");
        makeKeys("server", folder.toString(), "blog.example.com", "www.example.com");
        X509Certificate server = certificate(folder.resolve("tls.crt"));
        assertThat(server.getSubjectAlternativeNames())
                .extracting(each -> String.valueOf(each.get(1)))
                .containsExactly("blog.example.com", "www.example.com");
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        server.verify(certificate(folder.resolve("ca.crt")).getPublicKey());
        Pem.requirePair(
                Project.text(folder.resolve("tls.crt")), Project.text(folder.resolve("tls.key")));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("tls.crt", "tls.key", "ca.crt");
        }
    }

    @Test
    void theRepositoryHasThePoliciesBelowMeshInOneCommitAndIsNotMadeTwice()
            throws IOException, InterruptedException {
        Command.assumeInstalled("git");
        String script = Project.MODULE.resolve("blog/make-repository.sh").toString();
        Path repository = folder.resolve("config");
        List<String> command =
                List.of(
                        "bash",
                        script,
                        repository.toString(),
                        Project.MODULE.resolve("blog/seed").toString(),
                        Project.MODULE.resolve("blog/mesh").toString(),
                        Project.MODULE.resolve("blog/properties").toString());
        succeed(command);
        List<String> list =
                List.of("git", "-C", repository.toString(), "ls-tree", "-r", "--name-only", "HEAD");
        assertThat(succeed(list).lines())
                .containsExactly(
                        "application.yaml",
                        "mesh/issuer.yaml",
                        "mesh/istio-security.yaml",
                        "mesh/istio-telemetry.yaml",
                        "mesh/istio-traffic.yaml",
                        "mesh/istio-workloads.yaml",
                        "mesh/services.yaml");
        List<String> head = List.of("git", "-C", repository.toString(), "rev-list", "HEAD");
        String before = succeed(head);
        assertThat(before.lines()).hasSize(1);
        succeed(command);
        assertThat(succeed(head)).isEqualTo(before);
    }

    @Test
    void anUnknownCommandIsRefusedWithTheKnownOnes() throws IOException, InterruptedException {
        for (String script : List.of("make-keys.sh", "publish-keys.sh")) {
            Command.Result result =
                    Command.run(
                            List.of(
                                    "bash",
                                    Project.MODULE.resolve("base/keys").resolve(script).toString(),
                                    "all"));
            assertThat(result.code()).as(script).isEqualTo(64);
            assertThat(result.errors()).contains("expected: ");
        }
    }

    private static void makeKeys(String... arguments) throws IOException, InterruptedException {
        String script = Project.MODULE.resolve("base/keys/make-keys.sh").toString();
        succeed(Stream.concat(Stream.of("bash", script), Stream.of(arguments)).toList());
    }

    private static String succeed(List<String> command) throws IOException, InterruptedException {
        Command.Result result = Command.run(command);
        assertThat(result.code()).as(command + "\n" + result.errors()).isZero();
        return result.output();
    }

    private static X509Certificate certificate(Path file) {
        return Pem.readCertificates(Project.text(file)).getFirst();
    }
}
