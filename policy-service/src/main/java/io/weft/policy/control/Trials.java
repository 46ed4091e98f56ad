package io.weft.policy.control;

import io.weft.compiler.CompilerOptions;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.policy.source.PolicyBundle;
import io.weft.preview.diff.ConfigurationDiff;
import io.weft.preview.diff.ModelDiff;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a configuration would do, compiled beside what is in force and on a thread of its own, so
 * that the questions of people keep no commit waiting. Thread-safe.
 */
public final class Trials implements AutoCloseable {

    private static final int WAITING = 8;
    private static final int KEPT = 50;

    private final BundleCompiler compiler;
    private final Map<String, ModelDiff> kept =
            new LinkedHashMap<>(KEPT, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, ModelDiff> eldest) {
                    return size() > KEPT;
                }
            };
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING),
                    Thread.ofPlatform().name("weft-trials").daemon().factory());

    Trials(CompilerOptions options, InstantSource clock) {
        this.compiler = new BundleCompiler(options, clock);
    }

    /** Too many questions at once. */
    public static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("trials: " + WAITING + " are waiting (expected: fewer)", null, false, false);
        }
    }

    /**
     * What a configuration would be.
     *
     * @param policyTests how many were run
     * @param failedPolicyTests of them, those that do not hold
     */
    public record Trial(
            List<Diagnostic> diagnostics,
            int policyTests,
            int failedPolicyTests,
            ModelDiff difference) {}

    /**
     * What changes from one to the other.
     *
     * @param name of the pair: the same name is not compared again
     */
    public CompletionStage<ModelDiff> between(
            String name, PolicyBundle before, PolicyBundle after) {
        return later(() -> {
            ModelDiff known = kept.get(name);
            if (known == null) {
                known =
                        ConfigurationDiff.between(
                                compiler.compileUntested(before).policies(),
                                compiler.compileUntested(after).policies());
                kept.put(name, known);
            }
            return known;
        });
    }

    /** What a bundle would do in place of another. */
    public CompletionStage<Trial> of(PolicyBundle before, PolicyBundle after) {
        return later(() -> {
            BundleCompiler.Compiled was = compiler.compileUntested(before);
            BundleCompiler.Compiled would = compiler.compile(after);
            return new Trial(
                    would.diagnostics(),
                    would.tests().results().size(),
                    would.tests().failures().size(),
                    ConfigurationDiff.between(was.policies(), would.policies()));
        });
    }

    private <T> CompletionStage<T> later(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(new Busy());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
