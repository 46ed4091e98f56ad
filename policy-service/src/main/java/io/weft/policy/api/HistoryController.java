package io.weft.policy.api;

import io.weft.policy.control.OfferedCommit;
import io.weft.policy.control.Trials;
import io.weft.policy.history.CommitHistory;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.source.PolicyBundle;
import io.weft.preview.diff.Change;
import io.weft.preview.diff.ModelDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * The history of the repository: what each commit changed in files and for workloads, and why one
 * was refused. And what a change would do that nobody has committed yet.
 */
@RestController
@RequestMapping("/api/v1")
final class HistoryController {

    /** Characters of all texts in one answer. */
    private static final int MAX_TEXT = 2_000_000;

    private static final int MAX_PREVIEW = 1_000_000;

    private final CommitHistory history;

    HistoryController(PolicyServer server) {
        this.history = server.history();
    }

    @GetMapping("/history")
    Mono<List<CommitHistory.Entry>> entries(@RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > CommitHistory.MAX) {
            throw new IllegalArgumentException(
                    "limit: " + limit + " (expected: 1.." + CommitHistory.MAX + ")");
        }
        return Mono.fromCompletionStage(history.entries(limit));
    }

    @GetMapping("/history/{id}")
    Mono<CommitView> commit(@PathVariable String id) {
        return Mono.fromCompletionStage(history.step(id))
                .map(found -> CommitView.of(id, found.orElseThrow(() -> none(id))));
    }

    /** As {@code weft diff} says it. */
    @GetMapping("/history/{id}/changes")
    Mono<ChangesView> changes(@PathVariable String id) {
        return Mono.fromCompletionStage(history.changes(id))
                .map(found -> ChangesView.of(found.orElseThrow(() -> none(id))));
    }

    private static ResponseStatusException none(String id) {
        return new ResponseStatusException(
                HttpStatus.NOT_FOUND,
                "commit: " + id + " (expected: one of the history with one before it)");
    }

    /** What it would do to have this text in a file: no more than a question. */
    @PostMapping(value = "/preview", consumes = "application/json")
    Mono<PreviewView> preview(@RequestBody PreviewRequest asked) {
        if (asked.path() == null || asked.text() == null) {
            throw new IllegalArgumentException("path, text (expected: both)");
        }
        if (asked.text().length() > MAX_PREVIEW) {
            throw new IllegalArgumentException(
                    "text: "
                            + asked.text().length()
                            + " characters (expected: at most "
                            + MAX_PREVIEW
                            + ")");
        }
        return Mono.fromCompletionStage(history.preview(asked.path(), asked.text()))
                .map(PreviewView::of);
    }

    record PreviewRequest(@Nullable String path, @Nullable String text) {}

    /** What a text would do. */
    record PreviewView(
            boolean accepted,
            int policyTests,
            int failedPolicyTests,
            List<DiagnosticView> errors,
            ChangesView difference) {

        static PreviewView of(Trials.Trial trial) {
            List<DiagnosticView> errors =
                    DiagnosticView.of(
                            trial.diagnostics().stream().filter(each -> each.isError()).toList());
            return new PreviewView(
                    errors.isEmpty(),
                    trial.policyTests(),
                    trial.failedPolicyTests(),
                    errors,
                    ChangesView.of(trial.difference()));
        }
    }

    /** A change of the compiled model. */
    record ChangeView(
            String kind, String direction, String text, String origin, List<String> workloads) {

        static ChangeView of(Change change) {
            return new ChangeView(
                    change.kind().name(),
                    change.direction(),
                    change.describe(),
                    change.origin().describe(),
                    change.workloads());
        }
    }

    /** All changes of the compiled model, and what is complained of anew or no more. */
    record ChangesView(
            List<ChangeView> changes, List<DiagnosticView> found, List<DiagnosticView> mended) {

        static ChangesView of(ModelDiff diff) {
            return new ChangesView(
                    diff.changes().stream().map(ChangeView::of).toList(),
                    DiagnosticView.of(diff.found()),
                    DiagnosticView.of(diff.mended()));
        }
    }

    /**
     * A file that a commit changed.
     *
     * @param kind {@code added}, {@code removed} or {@code changed}
     * @param withheld it holds a Secret, or there is too much to show: then without its texts
     */
    record FileChange(
            String path,
            String kind,
            @Nullable String before,
            @Nullable String after,
            boolean withheld) {}

    /**
     * A commit.
     *
     * @param accepted null when it was not offered since the control plane started
     * @param first there is none before it to compare with
     */
    record CommitView(
            String id,
            String commit,
            String author,
            String message,
            String committedAt,
            @Nullable Boolean accepted,
            boolean first,
            List<FileChange> files,
            List<DiagnosticView> diagnostics) {

        static CommitView of(String id, CommitHistory.Step step) {
            PolicyBundle after = step.after();
            OfferedCommit offered = step.offered();
            return new CommitView(
                    id,
                    after.commit(),
                    after.author(),
                    after.message(),
                    after.committedAt(),
                    offered == null ? null : offered.record().accepted(),
                    step.before() == null,
                    files(step.before(), after),
                    offered == null ? List.of() : DiagnosticView.of(offered.diagnostics()));
        }

        private static List<FileChange> files(@Nullable PolicyBundle before, PolicyBundle after) {
            Map<String, String> was = texts(before);
            Map<String, String> is = texts(after);
            TreeSet<String> paths = new TreeSet<>(was.keySet());
            paths.addAll(is.keySet());
            List<FileChange> changed = new ArrayList<>();
            int shown = 0;
            for (String path : paths) {
                String old = was.get(path);
                String now = is.get(path);
                if (old != null && old.equals(now)) {
                    continue;
                }
                int length = length(old) + length(now);
                boolean withheld =
                        shown + length > MAX_TEXT
                                || old != null && FileController.isSecret(old)
                                || now != null && FileController.isSecret(now);
                shown += withheld ? 0 : length;
                changed.add(
                        new FileChange(
                                path,
                                old == null ? "added" : now == null ? "removed" : "changed",
                                withheld ? null : old,
                                withheld ? null : now,
                                withheld));
            }
            return changed;
        }

        private static int length(@Nullable String text) {
            return text == null ? 0 : text.length();
        }

        private static Map<String, String> texts(@Nullable PolicyBundle bundle) {
            Map<String, String> texts = new TreeMap<>();
            if (bundle != null) {
                bundle.files().forEach(file -> texts.put(file.path(), file.content()));
            }
            return texts;
        }
    }
}
