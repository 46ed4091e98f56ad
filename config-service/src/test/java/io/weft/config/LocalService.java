package io.weft.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * The service on a local repository with a work tree, started once for all tests that do not need
 * their own. Beside its folders lies the file that no request may ever bring to light.
 */
final class LocalService {

    static final String SECRET = "TOP-SECRET-5f1c";

    private static final LocalService SHARED = new LocalService();

    final Path outside;
    final TestRepository repository;
    final String first;
    final String second;
    final String third;
    final RunningService service;

    /** The same repository, with whole files open. */
    final RunningService plainText;

    private LocalService() {
        try {
            outside = Files.createTempDirectory("weft-test-").toRealPath();
            for (String name :
                    new String[] {"secret.txt", "secret.yml", "application.yml", "secret"}) {
                Files.writeString(outside.resolve(name), "stolen: " + SECRET + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        repository = TestRepository.create(outside.resolve("repository"), false);
        first =
                repository.commitWorkTree(
                        "Begin",
                        Map.of(
                                "application.yml", "greeting: hello\nshared: all\n",
                                "readme.txt", "plain text ${greeting}\n"));
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                "blog-api.yml",
                "greeting: blog\n---\nspring.config.activate.on-profile: dev\ngreeting: dev\n");
        files.put("blog-api-prod.properties", "greeting=prod\nuri=${shared}/x\n");
        files.put(
                "importer.yml",
                "spring:\n  config:\n    import: optional:file:"
                        + outside
                        + "/secret.yml\nown: 1\n");
        files.put("mesh/b.yaml", "kind: B\n");
        files.put("mesh/a/z.yml", "kind: Z # ü\n");
        files.put("mesh/a.json", "{}");
        files.put("mesh/README.md", "not a policy");
        second = repository.commitWorkTree("Add policies\n\nat length", files);
        third = repository.commitWorkTree("Only properties", Map.of("other.yml", "x: 1\n"));
        Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
        service = start("base", "--weft.config.watch.heartbeat=150ms");
        plainText = start("base-plain", "--weft.config.plain-text=true");
    }

    private RunningService start(String base, String extra) {
        return RunningService.start(
                "--weft.config.git.uri=" + repository.uri(),
                "--spring.cloud.config.server.git.basedir=" + outside.resolve(base),
                extra);
    }

    /** It is used until the tests end, so it goes with them. */
    private void delete() {
        try {
            service.close();
            plainText.close();
            FileSystemUtils.deleteRecursively(outside);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LocalService shared() {
        return SHARED;
    }
}
