package io.weft.policy.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.weft.compiler.catalog.DiscoveredService;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.MeshResource;
import io.weft.model.wire.Ack;
import io.weft.model.wire.Report;
import io.weft.model.wire.Subscription;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.state.StateDirectory;
import io.weft.policy.stream.LineSink;
import io.weft.policy.stream.Peer;
import io.weft.policy.stream.Sidecars;
import io.weft.policy.traffic.OpenTap;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a bundle to acknowledged configuration. All state belongs to one thread; every method may be
 * called from anywhere and answers by a stage.
 */
public final class ControlPlane implements Sidecars, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private final ControlSettings settings;
    private final Contents contents;
    private final ControlMetrics metrics;
    private final BundleCompiler compiler;
    private final AnalysisCache analyses;
    private final ControlThread control = new ControlThread();
    private final ExecutorService compiling =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("weft-compile").daemon().factory());
    private final ControlCore core;
    private final ControlViews views;
    private final Trials trials;

    public ControlPlane(
            ControlSettings settings,
            Contents contents,
            StateDirectory state,
            InstantSource clock,
            MeterRegistry meters) {
        this.settings = settings;
        this.contents = contents;
        this.metrics = new ControlMetrics(meters);
        this.compiler = new BundleCompiler(settings.options(), clock);
        this.analyses =
                new AnalysisCache(compiler, name -> contents.certificates().find(name) != null);
        this.core =
                new ControlCore(
                        settings, contents, new StoredControl(state), clock, metrics, control);
        this.views = new ControlViews(core);
        this.trials = new Trials(settings.options(), clock);
    }

    /** Puts the last good bundle in force, if there is one, and begins to serve. */
    public void start() {
        contents.keySets().onChange(this::refreshContents);
        contents.certificates()
                .onChange(() -> {
                    analyses.outdated();
                    refreshContents();
                });
        call(() -> core.restore(compiler)).join();
        control.runEvery(core::tick, settings.tick());
    }

    /**
     * Compiles a bundle and puts it in force when it has no errors. The same bundle again changes
     * nothing.
     */
    public CompletionStage<PublishOutcome> publish(PolicyBundle bundle) {
        return CompletableFuture.supplyAsync(() -> compile(bundle), compiling)
                .thenCompose(compiled -> control.call(() -> core.apply(compiled)))
                .whenComplete((outcome, failure) -> {
                    if (failure != null) {
                        LOG.error(
                                "commit {} cannot be put in force", bundle.shortCommit(), failure);
                    }
                });
    }

    private BundleCompiler.Compiled compile(PolicyBundle bundle) {
        long start = System.nanoTime();
        BundleCompiler.Compiled compiled = compiler.compile(bundle);
        metrics.compiled(Duration.ofNanos(System.nanoTime() - start));
        metrics.tested(compiled.tests());
        return compiled;
    }

    /** Ends the streams of peers that are no longer accepted. */
    public void endStreams(Predicate<Peer> refused) {
        control.run(() -> core.sessions().all().forEach(session -> session.endIf(refused)));
    }

    /** Replaces what another registry knows. */
    public void discovered(String source, List<DiscoveredService> services) {
        control.run(() -> core.discovered(source, services));
    }

    /** Trust bundles, key sets or certificates have changed. */
    public void refreshContents() {
        control.run(core::contentsChanged);
    }

    @Override
    public CompletionStage<Void> register(SpiffeId peer, Registration registration) {
        return call(() -> core.register(peer, registration));
    }

    @Override
    public CompletionStage<Void> deregister(SpiffeId peer, String instance) {
        return call(() -> core.deregister(peer, instance));
    }

    @Override
    public CompletionStage<Void> subscribe(
            SpiffeId peer, String instance, Subscription subscription) {
        return call(() -> core.subscribe(peer, instance, subscription));
    }

    @Override
    public CompletionStage<Void> mayOpen(SpiffeId peer, String instance) {
        return call(() -> core.sessions().require(peer, instance));
    }

    @Override
    public CompletionStage<Void> open(Peer peer, String instance, LineSink lines) {
        return call(() -> core.open(peer, instance, lines));
    }

    @Override
    public CompletionStage<Void> acknowledge(SpiffeId peer, String instance, Ack ack) {
        return call(() -> core.acknowledge(peer, instance, ack));
    }

    @Override
    public CompletionStage<Void> report(SpiffeId peer, String instance, Report report) {
        return call(() -> core.report(peer, instance, report));
    }

    @Override
    public CompletionStage<WorkloadId> workload(SpiffeId peer, String instance) {
        return control.call(
                () -> core.sessions().require(peer, instance).registration().workload());
    }

    /** These taps are open now, in place of those before. */
    public void tapped(List<OpenTap> open) {
        control.run(() -> core.tapped(open));
    }

    /**
     * Completes when every connected sidecar has acknowledged or refused the revision.
     *
     * @param revision as {@link PublishOutcome} tells it
     */
    public CompletionStage<RolloutStatus> awaitRollout(String revision) {
        long wanted = revision.isEmpty() ? 0 : Long.parseLong(revision);
        CompletableFuture<Void> answered = new CompletableFuture<>();
        control.run(() -> core.waiters().add(wanted, answered));
        return answered.thenCompose(done -> rollout());
    }

    /** Who has what. */
    public CompletionStage<RolloutStatus> rollout() {
        return control.call(views::rollout);
    }

    /** The control plane as a whole. */
    public CompletionStage<ControlStatus> status() {
        return control.call(views::status);
    }

    /**
     * Everything that can be said of what is in force and of the workloads that are registered.
     * Made when asked for, once for each revision.
     */
    public CompletionStage<List<Diagnostic>> analysis() {
        return control.call(() -> Optional.ofNullable(core.subject()))
                .thenApplyAsync(subject -> analyses.of(subject.orElse(null)), compiling);
    }

    /** What the source has offered since the start, the newest first; bounded. */
    public CompletionStage<List<OfferedCommit>> offered() {
        return control.call(() -> core.commits().offered());
    }

    /** The files in force; empty while nothing is. */
    public CompletionStage<Optional<PolicyBundle>> bundle() {
        return control.call(
                () -> Optional.ofNullable(core.commits().inForce()).map(InForce::bundle));
    }

    /** What other configurations would do. */
    public Trials trials() {
        return trials;
    }

    /** The catalogue. */
    public CompletionStage<List<ServiceView>> services() {
        return control.call(views::services);
    }

    /** The text of a policy file of the commit in force, by its path in the repository. */
    public CompletionStage<Optional<String>> file(String path) {
        return control.call(() -> views.file(path));
    }

    /**
     * What the instances of a workload shall have, by instance and key. Private keys are included:
     * callers redact what they show.
     */
    public CompletionStage<Map<String, Map<String, MeshResource>>> config(WorkloadId workload) {
        return control.call(() -> views.config(workload));
    }

    /**
     * What a workload would have if it also asked for these routes; empty when it is not registered
     * or nothing is in force. Private keys are included.
     */
    public CompletionStage<Optional<WorkloadConfiguration>> configuration(
            WorkloadId workload, Set<String> routes) {
        return control.call(() -> core.configuration(workload, routes));
    }

    private CompletableFuture<Void> call(Runnable step) {
        return control.call(() -> {
            step.run();
            return null;
        });
    }

    @Override
    public void close() {
        compiling.shutdownNow();
        trials.close();
        call(() -> core.sessions().all().forEach(Session::close))
                .exceptionally(closedAlready -> null)
                .join();
        control.close();
    }
}
