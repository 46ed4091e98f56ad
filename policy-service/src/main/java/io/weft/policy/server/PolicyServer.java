package io.weft.policy.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.weft.model.resource.TrustBundle;
import io.weft.policy.ca.AuthorityVault;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.Denial;
import io.weft.policy.ca.SharedDirectory;
import io.weft.policy.ca.SvidVerifier;
import io.weft.policy.control.Contents;
import io.weft.policy.control.ControlPlane;
import io.weft.policy.control.ServiceRegistry;
import io.weft.policy.federation.ForeignBundles;
import io.weft.policy.federation.SpiffeBundle;
import io.weft.policy.history.CommitHistory;
import io.weft.policy.join.JoinService;
import io.weft.policy.join.JoinTokens;
import io.weft.policy.join.ReusableTokens;
import io.weft.policy.join.WorkloadAttestor;
import io.weft.policy.jwks.HttpJwksFetcher;
import io.weft.policy.jwks.JwksFetcher;
import io.weft.policy.jwks.JwksKeeper;
import io.weft.policy.secrets.CertificateStore;
import io.weft.policy.source.PolicySource;
import io.weft.policy.source.SourceStatus;
import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import io.weft.policy.stream.JoinApi;
import io.weft.policy.stream.MeshApi;
import io.weft.policy.stream.TlsHttpServer;
import io.weft.policy.traffic.TrafficDesk;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running control plane: authority, join, stream and control. Many can live in one process.
 * Thread-safe.
 */
public final class PolicyServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyServer.class);
    private static final String CA_FILE = "ca.pem";
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(10);

    private final PolicyServerSettings settings;
    private final StateDirectory state;
    private final CertificateAuthority authority;
    private final JoinTokens tokens;
    private final JwksFetcher fetcher;
    private final JwksKeeper keySets;
    private final List<JwksKeeper> furtherKeys = new CopyOnWriteArrayList<>();
    private final ControlPlane control;
    private final TrafficDesk traffic;
    private final PolicySource source;
    private final CertificateStore certificates;
    private final ForeignBundles foreign;
    private final ScheduledExecutorService looking;
    private final ExecutorService blocking;
    private final EventLoopGroup loops;
    private final List<TlsHttpServer> doors = new ArrayList<>();

    private PolicyServer(PolicyServerSettings settings) {
        this.settings = settings;
        this.state = StateDirectory.open(settings.stateDirectory());
        this.authority = CertificateAuthority.open(settings.authority(), state, settings.clock());
        this.tokens =
                JoinTokens.open(authority.trustDomain(), vault(settings, state), settings.clock());
        this.foreign =
                new ForeignBundles(
                        settings.foreignDomains(), state, settings.clock(), settings.foreignTls());
        this.looking =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("weft-authority").daemon().factory());
        this.source = settings.source();
        this.certificates = settings.certificates();
        this.blocking = Executors.newVirtualThreadPerTaskExecutor();
        ThreadFactory names = Thread.ofPlatform().name("weft-policy-io-", 0).daemon().factory();
        this.loops = new MultiThreadIoEventLoopGroup(2, names, NioIoHandler.newFactory());
        JwksFetcher given = settings.keySetFetcher();
        this.fetcher =
                given != null ? given : new HttpJwksFetcher(settings.keySets(), loops, blocking);
        this.keySets =
                new JwksKeeper(fetcher, settings.keySets().refresh(), state, settings.clock());
        this.control =
                new ControlPlane(
                        settings.control(),
                        new Contents(this::trustResources, keySets, certificates),
                        state,
                        settings.clock(),
                        settings.meters());
        this.traffic = new TrafficDesk(settings.clock(), control::tapped);
    }

    /**
     * Starts one. When this returns, both doors are open and the last good configuration, if there
     * is one, is in force.
     *
     * @throws StartFailure when it cannot start; nothing is left running
     */
    public static PolicyServer start(PolicyServerSettings settings) {
        PolicyServer server = new PolicyServer(settings);
        try {
            server.open();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void open() {
        control.start();
        askRegistries();
        JoinService joins =
                new JoinService(authority, this::trustBundles, attestors(), this::advertised);
        InetSocketAddress join = new InetSocketAddress(settings.address(), settings.joinPort());
        InetSocketAddress mesh = new InetSocketAddress(settings.address(), settings.meshPort());
        SvidVerifier clients =
                new SvidVerifier(
                        authority.trustDomain(),
                        authority::roots,
                        authority::isDenied,
                        settings.clock());
        doors.add(
                TlsHttpServer.mesh(
                        loops,
                        mesh,
                        authority,
                        clients,
                        new MeshApi(
                                control, authority, joins, traffic, blocking, settings.clock())));
        doors.add(
                TlsHttpServer.join(
                        loops, join, authority, new JoinApi(joins, this::spiffeBundle, blocking)));
        publishTrust();
        authority.onChange(this::trustChanged);
        foreign.refresh();
        looking.scheduleWithFixedDelay(
                this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        measure(settings.meters());
        source.start(control::publish);
    }

    /**
     * A restart must not take endpoints from sidecars for a moment, so the doors open when other
     * registries have answered; they do not stay closed for one that is away.
     */
    private void askRegistries() {
        CompletableFuture<Void> answered =
                CompletableFuture.allOf(
                        settings.registries().stream()
                                .map(each ->
                                        each.start(services ->
                                                        control.discovered(each.name(), services))
                                                .toCompletableFuture())
                                .toArray(CompletableFuture[]::new));
        try {
            answered.get(REGISTRY_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn(
                    "other registries of services: no answer after {}; starting without",
                    REGISTRY_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where replicas share what they must agree on, else the state directory. */
    private static AuthorityVault vault(PolicyServerSettings settings, StateDirectory state) {
        AuthorityVault shared = settings.authority().vault();
        return shared == null ? SharedDirectory.unshared(state) : shared;
    }

    private List<WorkloadAttestor> attestors() {
        List<WorkloadAttestor> all = new ArrayList<>(settings.attestors());
        all.add(tokens);
        all.add(new ReusableTokens(authority.trustDomain(), settings.reusableTokens()));
        return all;
    }

    private List<String> advertised() {
        return settings.advertised().isEmpty()
                ? List.of(settings.address().getHostAddress() + ":" + meshPort())
                : settings.advertised();
    }

    /** Ours, those of our aliases and those of federated domains; ours cannot be replaced. */
    private Map<String, String> trustBundles() {
        Map<String, String> all = new TreeMap<>(foreign.pem());
        all.putAll(authority.trustBundles());
        return all;
    }

    private List<TrustBundle> trustResources() {
        List<String> denied = authority.denied().stream().map(Denial::subject).toList();
        Map<String, String> tokenKeys = tokenKeys();
        return trustBundles().entrySet().stream()
                .map(each ->
                        new TrustBundle(
                                each.getKey(),
                                each.getValue(),
                                denied,
                                tokenKeys.get(each.getKey())))
                .toList();
    }

    private Map<String, String> tokenKeys() {
        Map<String, String> all = new TreeMap<>(foreign.tokenKeys());
        String ours = SpiffeBundle.jwks(authority.tokens().keys());
        authority.trustBundles().keySet().forEach(domain -> all.put(domain, ours));
        return all;
    }

    private void trustChanged() {
        try {
            publishTrust();
        } catch (StartFailure e) {
            LOG.error("{}", e.getMessage());
        }
        control.refreshContents();
        control.endStreams(peer -> authority.isDenied(peer.serial(), peer.identity()));
    }

    private void look() {
        authority.tick();
        furtherKeys.forEach(JwksKeeper::tick);
        if (foreign.refresh()) {
            control.refreshContents();
        }
    }

    /** Our roots as other trust domains fetch them. */
    public String spiffeBundle() {
        return new SpiffeBundle(
                        authority.roots(),
                        authority.tokens().keys(),
                        authority.view().revision(),
                        SpiffeBundle.DEFAULT_REFRESH)
                .toJson();
    }

    /** The roots, beside the state: what a joiner pins. A full disk may hold them already. */
    private void publishTrust() {
        try {
            String roots = authority.trustBundlePem();
            if (!state.read(CA_FILE).equals(Optional.of(roots))) {
                state.write(CA_FILE, roots);
            }
        } catch (IOException e) {
            throw new StartFailure(
                    "state directory: "
                            + state.path(CA_FILE)
                            + " cannot be written ("
                            + StateDirectory.reason(e)
                            + ")",
                    e);
        }
    }

    private void measure(MeterRegistry meters) {
        FunctionCounter.builder(
                        "weft.policy.certificates", authority, CertificateAuthority::issuedCount)
                .description("X.509-SVIDs issued")
                .register(meters);
        Gauge.builder("weft.policy.ca.expiry", authority, ca -> ca.expiresAt().getEpochSecond())
                .description("When the signing chain ends, seconds since 1970")
                .baseUnit("seconds")
                .register(meters);
    }

    /** The port of the mesh door (mTLS). */
    public int meshPort() {
        return doors.getFirst().port();
    }

    /** The port of the join door. */
    public int joinPort() {
        return doors.getLast().port();
    }

    /** The certificate authority. */
    public CertificateAuthority authority() {
        return authority;
    }

    /** Bundles of other trust domains. */
    public ForeignBundles foreignBundles() {
        return foreign;
    }

    /** Replacement of the root, with regard to who has what. */
    public RootRotation rotation() {
        return new RootRotation(authority, control, settings.clock());
    }

    /** Join tokens. */
    public JoinTokens tokens() {
        return tokens;
    }

    /** Policies, services, sidecars. */
    public ControlPlane control() {
        return control;
    }

    /** What was offered when, and what it changed. */
    public CommitHistory history() {
        return new CommitHistory(control, source, blocking);
    }

    /** What sidecars report of their traffic. */
    public TrafficDesk traffic() {
        return traffic;
    }

    /** Keeps the key set of an issuer of people's tokens; it has nothing to do with policies. */
    public JwksKeeper keysOf(String uri) {
        JwksKeeper keeper =
                new JwksKeeper(
                        fetcher,
                        settings.keySets().refresh(),
                        state.child("api"),
                        settings.clock());
        keeper.want(Set.of(uri));
        furtherKeys.add(keeper);
        return keeper;
    }

    /** Key sets of token issuers. */
    public JwksKeeper keySets() {
        return keySets;
    }

    /** How the source of policies does. */
    public SourceStatus sourceStatus() {
        return source.status();
    }

    /** Where the state lies; {@code ca.pem} in it is what a joiner trusts. */
    public StateDirectory state() {
        return state;
    }

    @Override
    public void close() {
        looking.shutdownNow();
        source.close();
        settings.registries().forEach(ServiceRegistry::close);
        certificates.close();
        doors.forEach(TlsHttpServer::close);
        control.close();
        blocking.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
