package io.weft.policy.control;

import io.weft.compiler.MeshCompiler;
import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.compiler.catalog.DiscoveredService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.wire.Ack;
import io.weft.model.wire.Report;
import io.weft.model.wire.Subscription;
import io.weft.policy.stream.LineSink;
import io.weft.policy.stream.Peer;
import io.weft.policy.traffic.OpenTap;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of the control plane and its steps. For the control thread. */
final class ControlCore {

    private static final Logger LOG = LoggerFactory.getLogger(ControlCore.class);
    private static final int LOGGED_ERRORS = 20;

    private final ControlSettings settings;
    private final Contents contents;
    private final InstantSource clock;
    private final ControlMetrics metrics;
    private final StoredControl stored;
    private final ControlThread control;
    private final Pusher pusher;
    private final TapPusher taps = new TapPusher();

    private final Commits commits = new Commits();
    private final SessionTable sessions;
    private final Waiters waiters;
    private final Discovered discovered = new Discovered();
    private final Revisions revisions;
    private final Catalogue catalogue;
    private ServiceCatalog declared;
    private long revision;
    private boolean registrationsChanged;
    private boolean discoveryChanged;
    private boolean rebuildScheduled;

    ControlCore(
            ControlSettings settings,
            Contents contents,
            StoredControl stored,
            InstantSource clock,
            ControlMetrics metrics,
            ControlThread control) {
        this.settings = settings;
        this.contents = contents;
        this.clock = clock;
        this.metrics = metrics;
        this.stored = stored;
        this.control = control;
        this.pusher = new Pusher(control, metrics);
        this.sessions = new SessionTable(metrics);
        this.waiters = new Waiters(sessions, metrics);
        this.declared = MeshCompiler.compile(List.of(), settings.options()).catalog();
        this.catalogue = new Catalogue(declared);
        long floor = stored.lastGood().map(StoredControl.LastGood::revision).orElse(0L);
        this.revisions = new Revisions(clock.instant(), floor);
    }

    Commits commits() {
        return commits;
    }

    SessionTable sessions() {
        return sessions;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    Waiters waiters() {
        return waiters;
    }

    long revision() {
        return revision;
    }

    /** What was there before the restart. */
    void restore(BundleCompiler compiler) {
        stored.registrations()
                .forEach(each -> sessions.register(each.identity(), each.registration()));
        stored.lastGood().ifPresent(good -> apply(compiler.compileUntested(good.bundle())));
    }

    /** Puts it in force when it has no errors; else what is in force stays. */
    PublishOutcome apply(BundleCompiler.Compiled compiled) {
        if (compiled.hasErrors()) {
            refuse(compiled);
            return outcome(false, compiled.diagnostics());
        }
        if (commits.isInForce(compiled)) {
            commits.noLongerRefused();
            metrics.noLongerRefused();
            return outcome(true, compiled.diagnostics());
        }
        revision = revisions.next();
        commits.accept(compiled, revision, clock.instant());
        metrics.offered(true);
        declared = compiled.policies().catalog();
        contents.keySets().want(compiled.policies().jwksUris());
        refreshCatalogue();
        sessions.build(builds(), all -> true, revision, compiled.bundle().commit());
        waiters.published(revision);
        pushAll();
        waiters.check();
        stored.store(new StoredControl.LastGood(revision, compiled.bundle()));
        LOG.info(
                "commit {} in force: revision {}, {} files, {} warnings, {} policy tests hold,"
                        + " {} connected",
                named(compiled),
                revision,
                compiled.bundle().files().size(),
                compiled.warnings(),
                compiled.tests().results().size(),
                sessions.connected());
        return outcome(true, compiled.diagnostics());
    }

    private void refuse(BundleCompiler.Compiled compiled) {
        if (commits.isRefusedAlready(compiled)) {
            return;
        }
        commits.refuse(compiled, clock.instant());
        metrics.offered(false);
        InForce kept = commits.inForce();
        LOG.error(
                "commit {} refused: {} error(s); {} stays in force",
                named(compiled),
                compiled.errors(),
                kept == null ? "nothing" : kept.info().shortCommit());
        compiled.diagnostics().stream()
                .filter(Diagnostic::isError)
                .limit(LOGGED_ERRORS)
                .forEach(each -> LOG.error("{}", each.format()));
    }

    private static String named(BundleCompiler.Compiled compiled) {
        String commit = compiled.bundle().shortCommit();
        return commit.isEmpty() ? "(not from Git)" : commit;
    }

    private PublishOutcome outcome(boolean accepted, List<Diagnostic> diagnostics) {
        return new PublishOutcome(accepted, Revisions.textOrEmpty(revision), diagnostics);
    }

    /** What an analysis would be of; null while nothing is in force. */
    AnalysisCache.@Nullable Subject subject() {
        InForce current = commits.inForce();
        return current == null
                ? null
                : new AnalysisCache.Subject(
                        revision, current.bundle(), catalogue.current().registrations());
    }

    void discovered(String source, List<DiscoveredService> services) {
        if (discovered.replace(source, services)) {
            discoveryChanged = true;
            rebuildSoon();
        }
    }

    /** Trust bundles, key sets or certificates have changed. */
    void contentsChanged() {
        if (commits.inForce() != null) {
            rebuild(all -> true);
        }
    }

    private void registrationsChanged() {
        registrationsChanged = true;
        rebuildSoon();
    }

    private void rebuildSoon() {
        if (!rebuildScheduled) {
            rebuildScheduled = true;
            control.runLater(this::rebuildGathered, settings.gather());
        }
    }

    private void rebuildGathered() {
        rebuildScheduled = false;
        boolean persist = registrationsChanged;
        Predicate<Session> concerned = refreshCatalogue();
        rebuild(concerned);
        if (persist) {
            stored.store(sessions.stored());
        }
    }

    private Predicate<Session> refreshCatalogue() {
        registrationsChanged = false;
        discoveryChanged = false;
        return catalogue.replace(
                declared, discovered.all(), Catalogue.registrations(sessions.byInstance()));
    }

    private void rebuild(Predicate<Session> concerned) {
        InForce current = commits.inForce();
        if (current == null) {
            return;
        }
        revision = revisions.next();
        sessions.build(builds(), concerned, revision, current.bundle().commit());
        pushAll();
    }

    private WorkloadBuilds builds() {
        InForce current = commits.inForce();
        if (current == null) {
            throw new IllegalStateException("nothing is in force");
        }
        return new WorkloadBuilds(
                new WorkloadConfigBuilder(
                        current.policies(), catalogue.current(), contents.providers()));
    }

    void register(SpiffeId peer, Registration registration) {
        RegistrationRules.check(peer, registration);
        if (sessions.register(peer, registration)) {
            registrationsChanged();
        }
    }

    void deregister(SpiffeId peer, String instance) {
        sessions.require(peer, instance);
        remove(Instance.of(peer, instance));
    }

    private void remove(Instance key) {
        Session removed = sessions.remove(key);
        if (removed != null) {
            removed.close();
            registrationsChanged();
            waiters.check();
            metrics.connected(sessions.connected());
        }
    }

    void subscribe(SpiffeId peer, String instance, Subscription subscription) {
        Session session = sessions.require(peer, instance);
        boolean other = !session.routes().equals(Set.copyOf(subscription.routes()));
        session.subscribed(subscription);
        if (other) {
            buildOne(session);
        }
    }

    void open(Peer peer, String instance, LineSink lines) {
        Session session = sessions.require(peer.identity(), instance);
        if (session.wantedRevision() == 0) {
            buildOne(session);
        }
        session.opened(lines, peer);
        lines.closed().thenRun(() -> control.run(() -> ended(session, lines)));
        metrics.connected(sessions.connected());
        LOG.info("{} connected", Instance.of(peer.identity(), instance));
        pusher.push(session);
        taps.opened(session);
    }

    void tapped(List<OpenTap> open) {
        taps.update(open, sessions.all());
    }

    private void ended(Session session, LineSink lines) {
        if (session.ended(lines)) {
            LOG.info("{} disconnected", session.registration().instance());
            metrics.connected(sessions.connected());
            waiters.check();
        }
    }

    private void buildOne(Session session) {
        InForce current = commits.inForce();
        if (current == null) {
            return;
        }
        if (registrationsChanged || discoveryChanged) {
            rebuildGathered(); // so that it is built from what is known by now
        }
        revision = revisions.next();
        sessions.build(session, builds(), revision, current.bundle().commit());
        pusher.push(session);
    }

    void acknowledge(SpiffeId peer, String instance, Ack ack) {
        Session session = sessions.require(peer, instance);
        if (!session.acknowledged(ack, clock.instant())) {
            return;
        }
        if (!ack.accepted()) {
            metrics.nack();
            LOG.error(
                    "{} refused revision {}: {}",
                    Instance.of(peer, instance),
                    ack.revision(),
                    ack.reason());
        }
        pusher.push(session);
        waiters.check();
    }

    /** Asks again for the key sets in which an instance missed a key, as far as it has them. */
    void report(SpiffeId peer, String instance, Report report) {
        Set<String> held = sessions.require(peer, instance).wanted().byKey().keySet();
        report.unknownKeyIds().stream()
                .distinct()
                .filter(name -> held.contains(ResourceKeys.jwks(name)))
                .forEach(contents.keySets()::refreshSoon);
    }

    private void pushAll() {
        sessions.all().forEach(pusher::push);
    }

    /** What a workload would have if it asked for these routes, too. */
    Optional<WorkloadConfiguration> configuration(WorkloadId workload, Set<String> routes) {
        if (commits.inForce() == null) {
            return Optional.empty();
        }
        return sessions.all().stream()
                .filter(session -> session.registration().workload().equals(workload))
                .findFirst()
                .map(session ->
                        new WorkloadConfiguration(
                                session.identity(),
                                session.registration(),
                                SessionTable.preview(session, builds(), routes)));
    }

    /** One unit of leases and heartbeats has passed. */
    void tick() {
        Instant now = clock.instant();
        for (Map.Entry<Instance, Session> each : Map.copyOf(sessions.byInstance()).entrySet()) {
            Session session = each.getValue();
            switch (session.tick(now)) {
                case NOTHING -> {}
                case HEARTBEAT -> pusher.heartbeat(session);
                case UNANSWERED -> pusher.push(session);
                case EXPIRED -> {
                    LOG.info("{}: its lease is over", session.registration().instance());
                    remove(each.getKey());
                }
            }
        }
        contents.keySets().tick();
        metrics.sessions(sessions.all().size(), sessions.behind());
    }
}
