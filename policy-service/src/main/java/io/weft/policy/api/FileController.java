package io.weft.policy.api;

import io.weft.policy.server.PolicyServer;
import io.weft.policy.source.PolicyBundle;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * {@code GET /api/v1/files?path=}: a policy file of the commit in force, so that the page can show
 * the line that decided and what an edit would change. Files with Secrets are not shown.
 */
@RestController
final class FileController {

    private static final Pattern SECRET =
            Pattern.compile("(?m)^\\W*[\"']?kind[\"']?\\s*:\\W*Secret");

    private final PolicyServer server;

    /** Whether the text holds a Secret, and is for nobody's eyes. */
    static boolean isSecret(String text) {
        return SECRET.matcher(text).find();
    }

    FileController(PolicyServer server) {
        this.server = server;
    }

    @GetMapping("/api/v1/files")
    Mono<FileView> file(@RequestParam String path) {
        return Mono.fromCompletionStage(server.control().file(path))
                .map(found -> {
                    String text =
                            found.filter(each -> !isSecret(each))
                                    .orElseThrow(() ->
                                            new ResponseStatusException(
                                                    HttpStatus.NOT_FOUND,
                                                    "path: no such policy file (expected: as in"
                                                            + " the origins of an explanation)"));
                    return new FileView(path, text);
                });
    }

    /** The files in force. */
    @GetMapping("/api/v1/policies")
    Mono<List<FileLine>> files() {
        return Mono.fromCompletionStage(server.control().bundle())
                .map(found ->
                        found.map(PolicyBundle::files).orElse(List.of()).stream()
                                .map(FileLine::of)
                                .toList());
    }

    /**
     * A file without its text.
     *
     * @param withheld it holds a Secret
     */
    record FileLine(String path, int lines, boolean withheld) {
        static FileLine of(PolicyBundle.PolicyFile file) {
            return new FileLine(
                    file.path(), (int) file.content().lines().count(), isSecret(file.content()));
        }
    }

    /** A policy file. */
    record FileView(String path, String text) {}
}
