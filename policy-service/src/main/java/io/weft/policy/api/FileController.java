package io.weft.policy.api;

import io.weft.policy.server.PolicyServer;
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

    FileController(PolicyServer server) {
        this.server = server;
    }

    @GetMapping("/api/v1/files")
    Mono<FileView> file(@RequestParam String path) {
        return Mono.fromCompletionStage(server.control().file(path))
                .map(found -> {
                    String text =
                            found.filter(each -> !SECRET.matcher(each).find())
                                    .orElseThrow(() ->
                                            new ResponseStatusException(
                                                    HttpStatus.NOT_FOUND,
                                                    "path: no such policy file (expected: as in"
                                                            + " the origins of an explanation)"));
                    return new FileView(path, text);
                });
    }

    /** A policy file. */
    record FileView(String path, String text) {}
}
