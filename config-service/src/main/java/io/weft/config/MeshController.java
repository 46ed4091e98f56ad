package io.weft.config;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The policy tree over HTTP: the bundle, its history, and the push notification. */
@RestController
@RequestMapping("/mesh")
final class MeshController {

    static final String EMPTY_REPOSITORY =
            "The Git repository has no commit yet. Put the policies below mesh/ and commit them:"
                    + " git add mesh && git commit";
    static final String NOTHING_FETCHED =
            "Nothing could be fetched from the Git repository yet; /actuator/health says why.";

    private static final int MAX_WEBHOOK_BYTES = 1 << 20;
    private static final int MAX_LOG = 1000;
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

    private final RepositoryTracker tracker;
    private final Revisions revisions;
    private final BundleReader reader;
    private final Optional<WebhookSignature> webhook;
    private final RateLimit webhookLimit;

    MeshController(
            RepositoryTracker tracker,
            Revisions revisions,
            BundleReader reader,
            Optional<WebhookSignature> webhook,
            RateLimit webhookLimit) {
        this.tracker = tracker;
        this.revisions = revisions;
        this.reader = reader;
        this.webhook = webhook;
        this.webhookLimit = webhookLimit;
    }

    @GetMapping("/bundle")
    ResponseEntity<Bundle> bundle(@RequestParam(required = false) @Nullable String revision)
            throws IOException {
        Bundle head = head();
        Bundle bundle = revision == null ? head : revision(revision, head);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .eTag(bundle.commit())
                .body(bundle);
    }

    @GetMapping("/log")
    List<Revisions.Entry> log(@RequestParam(defaultValue = "50") int limit) throws IOException {
        if (limit < 1 || limit > MAX_LOG) {
            throw new ServiceProblem(
                    HttpStatus.BAD_REQUEST,
                    "limit: %d (expected: 1 to %d)".formatted(limit, MAX_LOG));
        }
        return revisions.log(ObjectId.fromString(head().commit()), limit);
    }

    @PostMapping("/webhook")
    Map<String, String> webhook(
            HttpServletRequest request,
            @RequestHeader(name = "X-Hub-Signature-256", required = false)
                    @Nullable String signature,
            @RequestHeader(name = "X-Gitlab-Token", required = false) @Nullable String token)
            throws IOException, InterruptedException {
        WebhookSignature expected =
                webhook.orElseThrow(() ->
                        new ServiceProblem(
                                HttpStatus.NOT_FOUND,
                                "The webhook is disabled (expected: weft.config.webhook.secret"
                                        + " set)"));
        if (!webhookLimit.tryAcquire()) {
            throw new ServiceProblem(HttpStatus.TOO_MANY_REQUESTS, "Too many notifications.");
        }
        if (!expected.isValid(body(request), signature, token)) {
            throw new ServiceProblem(
                    HttpStatus.UNAUTHORIZED, "The signature is missing or does not fit the body.");
        }
        RepositoryState state = tracker.refreshNow(FETCH_TIMEOUT);
        Bundle head = state.head();
        if (state.error() != null || head == null) {
            throw state.error() == null
                    ? new ServiceProblem(HttpStatus.CONFLICT, EMPTY_REPOSITORY)
                    : new ServiceProblem(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "The fetch failed; /actuator/health says why.");
        }
        return Map.of("commit", head.commit());
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_WEBHOOK_BYTES + 1);
        if (body.length > MAX_WEBHOOK_BYTES) {
            throw new ServiceProblem(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "The body is too large (expected: at most 1 MiB).");
        }
        return body;
    }

    private Bundle head() {
        RepositoryState state = tracker.state();
        Bundle head = state.head();
        if (head != null) {
            return head;
        }
        throw state.empty()
                ? new ServiceProblem(HttpStatus.CONFLICT, EMPTY_REPOSITORY)
                : new ServiceProblem(HttpStatus.SERVICE_UNAVAILABLE, NOTHING_FETCHED);
    }

    private Bundle revision(String revision, Bundle head) throws IOException {
        if (!Revisions.isWellFormed(revision)) {
            throw new ServiceProblem(
                    HttpStatus.BAD_REQUEST,
                    "revision (expected: a branch, a tag or a commit id of letters, digits and"
                            + " -_.+@/)");
        }
        ObjectId commit =
                revisions
                        .find(revision)
                        .orElseThrow(() ->
                                new ServiceProblem(
                                        HttpStatus.NOT_FOUND,
                                        "revision: "
                                                + revision
                                                + " (expected: a branch, a tag or a commit in"
                                                + " the history of one)"));
        return commit.name().equals(head.commit()) ? head : reader.read(commit);
    }
}
