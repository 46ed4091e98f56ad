package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A Git server over SSH that lets in one key. */
class SshTest {

    @TempDir Path folder;

    private TestRepository repository;
    private KeyPair hostKey;
    private KeyPair userKey;
    private SshServer server;

    @BeforeEach
    void startServer() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        hostKey = generator.generateKeyPair();
        userKey = generator.generateKeyPair();
        repository = TestRepository.create(folder.resolve("config.git"), true);
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator((user, key, session) ->
                user.equals("git") && KeyUtils.compareKeys(key, userKey.getPublic()));
        server.setCommandFactory(
                (channel, command) -> new GitUploadPack(command, repository.repository()));
        server.start();
    }

    @AfterEach
    void stopServer() throws Exception {
        server.stop(true);
    }

    @Test
    void fetchesWithAKeyFromAServerThatHasTheExpectedOne() {
        String commit =
                repository.commitTexts("main", null, "Over SSH", "mesh/a.yaml", "kind: A\n");

        try (RunningService service = start(hostKey)) {
            RunningService.await(
                    "the first fetch", () -> service.get("/mesh/bundle").statusCode() == 200);
            assertThat(service.json("/mesh/bundle").get("commit").asString()).isEqualTo(commit);
        }
    }

    @Test
    void refusesAServerThatHasAnotherKey() {
        repository.commitTexts("main", null, "Over SSH", "mesh/a.yaml", "kind: A\n");

        try (RunningService service = start(userKey)) {
            RunningService.await("an error", () -> health(service).get("details").has("error"));
            assertThat(health(service).get("status").asString()).isEqualTo("DOWN");
            assertThat(service.get("/mesh/bundle").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aPrivateKeyWithoutTheKeyOfTheServerIsRefused() {
        assertThatThrownBy(() ->
                        RunningService.start(
                                "--spring.cloud.config.server.git.uri=" + uri(),
                                "--spring.cloud.config.server.git.ignore-local-ssh-settings=true",
                                "--spring.cloud.config.server.git.private-key=" + pem()))
                .hasRootCauseInstanceOf(ConfigurationProblem.class)
                .rootCause()
                .hasMessageContaining("git.host-key: not set");
    }

    private RunningService start(KeyPair expected) {
        String[] key = PublicKeyEntry.toString(expected.getPublic()).split(" ");
        return RunningService.start(
                "--spring.cloud.config.server.git.uri=" + uri(),
                "--spring.cloud.config.server.git.ignore-local-ssh-settings=true",
                "--spring.cloud.config.server.git.private-key=" + pem(),
                "--spring.cloud.config.server.git.host-key-algorithm=" + key[0],
                "--spring.cloud.config.server.git.host-key=" + key[1]);
    }

    private String uri() {
        return "ssh://git@127.0.0.1:" + server.getPort() + "/config.git";
    }

    private String pem() {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN PRIVATE KEY-----\n"
                + lines.encodeToString(userKey.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static JsonNode health(RunningService service) {
        return RunningService.parse(service.get("/actuator/health").body())
                .get("components")
                .get("meshRepository");
    }

    private static final class GitUploadPack extends AbstractCommandSupport {

        private final Repository repository;

        GitUploadPack(String command, Repository repository) {
            super(command, null);
            this.repository = repository;
        }

        @Override
        public void run() {
            try {
                if (!getCommand().equals("git-upload-pack '/config.git'")) {
                    throw new IllegalStateException("unexpected command: " + getCommand());
                }
                new UploadPack(repository)
                        .upload(getInputStream(), getOutputStream(), getErrorStream());
                onExit(0);
            } catch (Exception e) {
                onExit(1, e.toString());
            }
        }
    }
}
