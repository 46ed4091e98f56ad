package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.config.TestRepository.Entry;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BundleTest {

    private final LocalService local = LocalService.shared();
    private final RunningService service = local.service;

    @Test
    void servesEveryPolicyOfACommitSortedByPath() {
        JsonNode bundle = service.json("/mesh/bundle?revision=" + local.second);

        assertThat(bundle.get("commit").asString()).isEqualTo(local.second);
        assertThat(bundle.get("shortCommit").asString()).isEqualTo(local.second.substring(0, 8));
        assertThat(bundle.get("author").asString()).isEqualTo("Ann");
        assertThat(bundle.get("message").asString()).isEqualTo("Add policies");
        assertThat(Instant.parse(bundle.get("committedAt").asString()))
                .isBetween(Instant.now().minus(Duration.ofMinutes(5)), Instant.now());
        assertThat(paths(bundle.get("files")))
                .containsExactly("mesh/a.json", "mesh/a/z.yml", "mesh/b.yaml");
        assertThat(bundle.get("files").get(1).get("content").asString()).isEqualTo("kind: Z # ü\n");
        assertThat(bundle.get("skipped")).isEmpty();
    }

    @Test
    void namesWhatItSkipsAndWhy() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("mesh/BIG.YAML", Entry.text("kind: X"));
        entries.put("mesh/big.yaml", new Entry(FileMode.REGULAR_FILE, new byte[(10 << 20) + 1]));
        entries.put(
                "mesh/latin.yaml", new Entry(FileMode.REGULAR_FILE, new byte[] {'a', (byte) 0xe4}));
        entries.put(
                "mesh/lfs.yaml", Entry.text("version https://git-lfs.github.com/spec/v1\noid x\n"));
        entries.put("mesh/link.yaml", Entry.link(local.outside + "/secret.yml"));
        entries.put("mesh/ok.hcl", Entry.text("Kind = \"service-defaults\""));
        entries.put("mesh/ok.yaml", Entry.text("kind: Ok"));
        entries.put(
                "mesh/run.yaml",
                new Entry(FileMode.EXECUTABLE_FILE, "kind: R".getBytes(StandardCharsets.UTF_8)));
        entries.put("mesh/sub", Entry.submodule());
        local.repository.commit("odd", null, "Odd", entries);

        HttpResponse<String> response = service.get("/mesh/bundle?revision=odd");
        JsonNode bundle = RunningService.parse(response.body());

        assertThat(response.body()).doesNotContain(LocalService.SECRET);
        assertThat(paths(bundle.get("files")))
                .containsExactly("mesh/ok.hcl", "mesh/ok.yaml", "mesh/run.yaml");
        assertThat(
                        bundle.get("skipped")
                                .valueStream()
                                .map(s ->
                                        s.get("path").asString()
                                                + ": "
                                                + s.get("reason").asString()))
                .containsExactly(
                        "mesh/BIG.YAML: name in capitals (expected: .yaml, .yml, .json or .hcl)",
                        "mesh/big.yaml: 10485761 bytes (expected: at most 10 MiB)",
                        "mesh/latin.yaml: not UTF-8 (expected: text in UTF-8)",
                        "mesh/lfs.yaml: pointer to Git LFS (expected: the file itself)",
                        "mesh/link.yaml: symbolic link (expected: a regular file)",
                        "mesh/sub: submodule (expected: a regular file)");
    }

    @Test
    void aMeshFolderThatIsALinkIsNotFollowed() {
        local.repository.commit(
                "linked", null, "Linked", Map.of("mesh", Entry.link(local.outside.toString())));

        JsonNode bundle = service.json("/mesh/bundle?revision=linked");

        assertThat(bundle.get("files")).isEmpty();
        assertThat(paths(bundle.get("skipped"))).containsExactly("mesh");
    }

    @Test
    void aCommitWithoutTheFolderHasNoFiles() {
        JsonNode bundle = service.json("/mesh/bundle?revision=" + local.first);

        assertThat(bundle.get("files")).isEmpty();
        assertThat(bundle.get("skipped")).isEmpty();
    }

    @Test
    void answersNotModifiedToWhomHasTheCommit() {
        HttpResponse<String> response = service.get("/mesh/bundle");
        String etag = response.headers().firstValue("ETag").orElseThrow();
        String commit = RunningService.parse(response.body()).get("commit").asString();

        assertThat(etag).isEqualTo('"' + commit + '"');
        assertThat(service.get("/mesh/bundle", "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(
                        service.get("/mesh/bundle", "If-None-Match", "\"" + local.first + "\"")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void findsACommitByBranchTagAndShortenedId() {
        local.repository.tag("v1", local.second);
        local.repository.commitTexts("feature/x", null, "On a branch", "mesh/f.yaml", "kind: F");

        assertThat(commitOf("v1")).isEqualTo(local.second);
        assertThat(commitOf(local.second.substring(0, 10))).isEqualTo(local.second);
        assertThat(service.json("/mesh/bundle?revision=feature/x").get("message").asString())
                .isEqualTo("On a branch");
    }

    @Test
    void aCommitThatNoBranchLeadsToIsNotFound() {
        String thrownAway =
                local.repository.commitTexts("gone", null, "Gone", "mesh/g.yaml", "kind: G");
        assertThat(commitOf(thrownAway)).isEqualTo(thrownAway);

        local.repository.commitTexts("gone", null, "Rewritten", "mesh/g.yaml", "kind: H");

        HttpResponse<String> response = service.get("/mesh/bundle?revision=" + thrownAway);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(RunningService.parse(response.body()).get("detail").asString())
                .isEqualTo(
                        "revision: "
                                + thrownAway
                                + " (expected: a branch, a tag or a commit in the history of one)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD~1",
                "main@%7Bu%7D",
                "a..b",
                "-x",
                ":/Begin",
                "%00",
                "main%5E%7Btree%7D",
                "a//b",
                "x.lock",
                "%C3%BC"
            })
    void aRevisionThatIsNoNameIsRefused(String revision) {
        assertThat(service.get("/mesh/bundle?revision=" + revision).statusCode()).isEqualTo(400);
    }

    @Test
    void theLogHoldsOnlyCommitsThatTouchThePolicies() {
        JsonNode log = service.json("/mesh/log");

        assertThat(log.valueStream().map(e -> e.get("commit").asString()))
                .contains(local.second)
                .doesNotContain(local.first, local.third);
        JsonNode entry = log.get(log.size() - 1);
        assertThat(entry.get("author").asString()).isEqualTo("Ann");
        assertThat(entry.get("message").asString()).isEqualTo("Add policies");
        assertThat(Instant.parse(entry.get("committedAt").asString())).isBefore(Instant.now());
        assertThat(service.json("/mesh/log?limit=1")).hasSize(1);
        assertThat(service.get("/mesh/log?limit=0").statusCode()).isEqualTo(400);
        assertThat(service.get("/mesh/log?limit=x").statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsNotCommittedIsNotServed() throws Exception {
        Files.writeString(local.repository.folder().resolve("mesh/b.yaml"), "kind: Dirty\n");
        Files.writeString(
                local.repository.folder().resolve("application.yml"), "greeting: dirty\n");
        try {
            assertThat(service.get("/mesh/bundle").body()).doesNotContain("Dirty");
            assertThat(service.get("/blog-api/default").body()).doesNotContain("dirty");
        } finally {
            Files.writeString(local.repository.folder().resolve("mesh/b.yaml"), "kind: B\n");
            Files.writeString(
                    local.repository.folder().resolve("application.yml"),
                    "greeting: hello\nshared: all\n");
        }
    }

    private String commitOf(String revision) {
        return service.json("/mesh/bundle?revision=" + revision).get("commit").asString();
    }

    private static List<String> paths(JsonNode entries) {
        return entries.valueStream().map(e -> e.get("path").asString()).toList();
    }
}
