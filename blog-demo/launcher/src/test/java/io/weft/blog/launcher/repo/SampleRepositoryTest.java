package io.weft.blog.launcher.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.blog.launcher.DemoProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleRepositoryTest {

    private static final Map<String, String> VALUES = Map.of("AUTH_PORT", "9443");

    @TempDir Path folder;

    @Test
    void commitsTheSampleWithItsPlaceholdersFilledIn() {
        try (SampleRepository repository = SampleRepository.create(folder, "istio", VALUES)) {
            assertThat(repository.head()).hasSize(40);
            assertThat(repository.read("mesh/demo/issuer.yaml")).contains("https: 9443");
            assertThat(repository.read("mesh/istio-traffic.yaml")).contains("weight: 90");
        }
    }

    @Test
    void everyDialectHasAServiceForEachWorkload() {
        for (String dialect : new String[] {"istio", "smi", "consul"}) {
            try (SampleRepository repository =
                    SampleRepository.create(folder.resolve(dialect), dialect, VALUES)) {
                assertThat(repository.read("mesh/demo/services.yaml"))
                        .contains("name: blog-frontend");
            }
        }
    }

    @Test
    void revertsACommitToWhatWasBefore() {
        try (SampleRepository repository = SampleRepository.create(folder, "istio", VALUES)) {
            String before = repository.read("mesh/istio-traffic.yaml");
            repository.commit("mesh/istio-traffic.yaml", before.replace("90", "50"), "half");
            String head = repository.head();
            assertThat(repository.revertHead()).isNotEqualTo(head);
            assertThat(repository.read("mesh/istio-traffic.yaml")).isEqualTo(before);
        }
    }

    @Test
    void refusesAFolderThatIsNoRepository() {
        refused(folder, "not a Git repository");
    }

    @Test
    void refusesARepositoryWithoutACommit() throws Exception {
        Git.init().setDirectory(folder.toFile()).call().close();
        refused(folder, "no commit yet");
    }

    @Test
    void refusesARepositoryWithUncommittedChangesAndNamesOne() throws Exception {
        SampleRepository.create(folder, "istio", VALUES).close();
        Files.writeString(folder.resolve("mesh/new.yaml"), "kind: Service\n");
        refused(folder, "mesh/new.yaml");
    }

    @Test
    void refusesARepositoryWithoutPolicies() throws Exception {
        try (Git git = Git.init().setDirectory(folder.toFile()).call()) {
            Files.writeString(folder.resolve("README.md"), "nothing\n");
            git.add().addFilepattern(".").call();
            git.commit().setMessage("no policies").setSign(false).call();
        }
        refused(folder, "no folder mesh/");
    }

    private static void refused(Path folder, String reason) {
        assertThatThrownBy(() -> SampleRepository.open(folder))
                .isInstanceOfSatisfying(
                        DemoProblem.class,
                        problem -> {
                            assertThat(problem.exitCode()).isEqualTo(DemoProblem.BAD_DATA);
                            assertThat(problem.getMessage()).contains(reason).doesNotContain("\n");
                        });
    }
}
