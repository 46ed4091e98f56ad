package io.weft.policy.history;

import io.weft.policy.control.ControlPlane;
import io.weft.policy.control.ControlStatus;
import io.weft.policy.control.OfferedCommit;
import io.weft.policy.source.LogEntry;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.source.PolicySource;
import io.weft.preview.diff.ModelDiff;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history of the repository as the control plane has met it: what was offered with what came of
 * it, and before that what Git remembers. Thread-safe.
 */
public final class CommitHistory {

    /** How many commits are looked at. */
    public static final int MAX = 200;

    private static final Logger LOG = LoggerFactory.getLogger(CommitHistory.class);
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");
    private static final Pattern NUMBER = Pattern.compile("n[0-9]{1,18}");

    private final ControlPlane control;
    private final PolicySource source;
    private final Executor blocking;

    /**
     * @param blocking for what asks the source
     */
    public CommitHistory(ControlPlane control, PolicySource source, Executor blocking) {
        this.control = control;
        this.source = source;
        this.blocking = blocking;
    }

    /**
     * A commit of the history.
     *
     * @param id by which it is asked for: of the commit, or {@code n} and a number outside Git
     * @param offered what came of it; null when it was not offered since the start
     */
    public record Entry(
            String id,
            String commit,
            String author,
            String message,
            String committedAt,
            ControlStatus.@Nullable CommitRecord offered) {}

    /** The newest first. */
    public CompletionStage<List<Entry>> entries(int limit) {
        return control.offered()
                .thenApplyAsync(offered -> merged(offered, log(limit), limit), blocking);
    }

    private List<LogEntry> log(int limit) {
        try {
            return source.log(limit);
        } catch (IOException e) {
            LOG.info("history: {} does not tell: {}", source.status().description(), e.toString());
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static List<Entry> merged(List<OfferedCommit> offered, List<LogEntry> log, int limit) {
        List<Entry> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (OfferedCommit each : offered) {
            String commit = each.bundle().commit();
            if (commit.isEmpty() || seen.add(commit)) {
                all.add(entry(each));
            }
        }
        for (LogEntry each : log) {
            if (seen.add(each.commit())) {
                all.add(
                        new Entry(
                                each.commit(),
                                each.commit(),
                                each.author(),
                                each.message(),
                                each.committedAt(),
                                null));
            }
        }
        all.sort(Comparator.comparing(CommitHistory::time).reversed());
        return all.size() > limit ? List.copyOf(all.subList(0, limit)) : List.copyOf(all);
    }

    private static String time(Entry entry) {
        ControlStatus.CommitRecord offered = entry.offered();
        return entry.committedAt().isEmpty() && offered != null
                ? offered.at().toString()
                : entry.committedAt();
    }

    private static Entry entry(OfferedCommit offered) {
        PolicyBundle bundle = offered.bundle();
        return new Entry(
                id(offered),
                bundle.commit(),
                bundle.author(),
                bundle.message(),
                bundle.committedAt(),
                offered.record());
    }

    private static String id(OfferedCommit offered) {
        String commit = offered.bundle().commit();
        return commit.isEmpty() ? "n" + offered.number() : commit;
    }

    /**
     * A commit beside the one before it.
     *
     * @param offered with its diagnostics; null when it was not offered since the start
     * @param before null for the first
     */
    public record Step(
            PolicyBundle after, @Nullable PolicyBundle before, @Nullable OfferedCommit offered) {}

    /** Empty when there is no such commit. */
    public CompletionStage<Optional<Step>> step(String id) {
        if (!COMMIT.matcher(id).matches() && !NUMBER.matcher(id).matches()) {
            throw new IllegalArgumentException("commit: not an id (expected: as in the history)");
        }
        return control.offered().thenApplyAsync(offered -> step(id, offered), blocking);
    }

    private Optional<Step> step(String id, List<OfferedCommit> offered) {
        OfferedCommit known =
                offered.stream().filter(each -> id(each).equals(id)).findFirst().orElse(null);
        PolicyBundle after = known != null ? known.bundle() : bundle(id, offered);
        return Optional.ofNullable(after)
                .map(found -> new Step(found, before(id, known, offered), known));
    }

    private @Nullable PolicyBundle before(
            String id, @Nullable OfferedCommit known, List<OfferedCommit> offered) {
        List<LogEntry> log = log(MAX);
        for (int i = 0; i + 1 < log.size(); i++) {
            if (log.get(i).commit().equals(id)) {
                return bundle(log.get(i + 1).commit(), offered);
            }
        }
        int at = known == null ? -1 : offered.indexOf(known);
        return at >= 0 && at + 1 < offered.size() ? offered.get(at + 1).bundle() : null;
    }

    private @Nullable PolicyBundle bundle(String commit, List<OfferedCommit> offered) {
        for (OfferedCommit each : offered) {
            if (!commit.isEmpty() && each.bundle().commit().equals(commit)) {
                return each.bundle();
            }
        }
        if (!COMMIT.matcher(commit).matches()) {
            return null;
        }
        try {
            return source.at(commit).orElse(null);
        } catch (IOException e) {
            LOG.info("history: commit {} cannot be read: {}", commit, e.toString());
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** What the commit changes for the workloads; empty when there is nothing to compare. */
    public CompletionStage<Optional<ModelDiff>> changes(String id) {
        return step(id).thenCompose(found -> {
            PolicyBundle before = found.map(Step::before).orElse(null);
            if (found.isEmpty() || before == null) {
                return CompletableFuture.completedStage(Optional.empty());
            }
            return control.trials()
                    .between(id, before, found.get().after())
                    .thenApply(Optional::of);
        });
    }

    /**
     * What it would do to have this text in a file.
     *
     * @throws IllegalArgumentException by the stage, when there is no such file
     */
    public CompletionStage<io.weft.policy.control.Trials.Trial> preview(String path, String text) {
        return control.bundle()
                .thenCompose(found -> {
                    PolicyBundle now =
                            found.orElseThrow(() ->
                                    new CompletionException(
                                            new IllegalArgumentException("nothing is in force")));
                    if (now.files().stream().noneMatch(file -> file.path().equals(path))) {
                        throw new CompletionException(
                                new IllegalArgumentException(
                                        "path: no such policy file (expected: one in force)"));
                    }
                    return control.trials().of(now, now.with(path, text));
                });
    }
}
