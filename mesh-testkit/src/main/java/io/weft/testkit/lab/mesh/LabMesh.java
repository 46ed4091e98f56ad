package io.weft.testkit.lab.mesh;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.GatewayBinding;
import io.weft.engine.AdjustableClock;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration.RegisteredService;
import io.weft.model.catalog.ServicePort;
import io.weft.model.resource.Certificate;
import io.weft.policy.secrets.InMemoryCertificates;
import io.weft.testkit.echo.EchoApplication;
import io.weft.testkit.echo.EchoFaults;
import io.weft.testkit.lab.topology.GatewaySpec;
import io.weft.testkit.lab.topology.PortSpec;
import io.weft.testkit.lab.topology.Topology;
import io.weft.testkit.lab.topology.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running mesh on loopback. Thread-safe once started. */
public final class LabMesh implements AutoCloseable {

    static final String CLUSTER = "Kubernetes";

    private static final Logger LOG = LoggerFactory.getLogger(LabMesh.class);
    private static final Duration ROUTE_WAIT = Duration.ofSeconds(5);

    private final LabSettings settings;
    private final AdjustableClock clock = AdjustableClock.running();
    private final LabNetwork network = new LabNetwork();
    private final ExchangeRecorder recorder = new ExchangeRecorder();
    private final TokenIssuers issuers;
    private final LabPki pki = new LabPki(clock.now());
    private final EventLoopGroup loops;
    private final Path stateDir;
    private final LabControlPlane control;
    private final ProxyStarter proxies;
    private final Outsiders outsiders;
    private final List<LabReplica> replicas = new ArrayList<>();
    private final List<LabGateway> gateways = new ArrayList<>();
    private final Map<String, LabSource> sources = new LinkedHashMap<>();
    private final Map<String, EchoFaults> faults = new ConcurrentHashMap<>();

    /** What has been started, closed in the opposite order. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private LabMesh(LabSettings settings) {
        this.settings = settings;
        this.issuers = new TokenIssuers(settings.topology().issuers(), clock);
        this.stateDir = temporary();
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        Math.max(2, Runtime.getRuntime().availableProcessors()),
                        new DefaultThreadFactory("weft-lab-io", true),
                        NioIoHandler.newFactory());
        InMemoryCertificates certificates = new InMemoryCertificates();
        this.control = new LabControlPlane(stateDir, settings, clock, issuers, certificates);
        started.push(control);
        certify(certificates);
        this.proxies =
                new ProxyStarter(
                        control.server(), clock, network, recorder, loops, settings.otlpEndpoint());
        this.outsiders = new Outsiders(control.server().control(), network);
        started.push(outsiders);
    }

    /**
     * Starts one; when this returns, every sidecar and gateway has acknowledged its configuration.
     *
     * @throws LabProblem when something is wrong with the input, or it does not come up; nothing is
     *     left running
     */
    public static LabMesh start(LabSettings settings) {
        LabMesh mesh = new LabMesh(settings);
        try {
            mesh.open();
            return mesh;
        } catch (RuntimeException e) {
            mesh.close();
            throw e;
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("weft-lab-");
        } catch (IOException e) {
            throw new IllegalStateException(
                    "temporary directory: cannot be made: " + e.getMessage());
        }
    }

    private void certify(InMemoryCertificates certificates) {
        String roots = pki.rootPem() + control.server().authority().trustBundlePem();
        for (Topology.CertificateSpec spec : settings.topology().certificates()) {
            LabPki.Issued issued = pki.issue(spec.dnsNames());
            certificates.put(
                    new Certificate(
                            spec.namespace() + "/" + spec.name(),
                            issued.chainPem(),
                            issued.keyPem(),
                            roots));
        }
    }

    private void open() {
        LabControlPlane.Published published = control.publish(settings.resources());
        if (!published.accepted()) {
            throw new LabProblem(published.diagnostics().stream().map(Object::toString).toList());
        }
        published.diagnostics().forEach(found -> LOG.info("{}", found.format()));
        Topology topology = settings.topology();
        Map<String, List<ServicePort>> services = services(topology);
        ApplicationStarter applications = new ApplicationStarter(loops, pki);
        int meshed = 0;
        for (WorkloadSpec workload : topology.workloads()) {
            List<RegisteredService> own =
                    List.of(
                            new RegisteredService(
                                    workload.service(),
                                    services.getOrDefault(key(workload), List.of())));
            for (int i = 0; i < workload.replicas(); i++) {
                start(workload, i, own, applications);
                meshed += workload.sidecar() ? 1 : 0;
            }
        }
        checkServer(topology.extAuthz());
        for (GatewaySpec gateway : topology.gateways()) {
            start(gateway);
            meshed++;
        }
        if (!control.awaitConnected(meshed)) {
            throw new IllegalStateException(
                    "not every sidecar got its configuration: " + control.rollout());
        }
    }

    private void checkServer(Topology.@org.jspecify.annotations.Nullable ExtAuthzSpec spec) {
        if (spec != null) {
            CheckServer server = new CheckServer(loops);
            started.push(server);
            outsiders.add(spec, settings.trustDomain(), server);
        }
    }

    private static String key(WorkloadSpec workload) {
        return workload.namespace() + "/" + workload.service();
    }

    /** All workloads behind a Service declare it alike: its ports are the union of theirs. */
    private static Map<String, List<ServicePort>> services(Topology topology) {
        Map<String, Map<Integer, ServicePort>> found = new LinkedHashMap<>();
        for (WorkloadSpec workload : topology.workloads()) {
            Map<Integer, ServicePort> ports =
                    found.computeIfAbsent(key(workload), name -> new LinkedHashMap<>());
            for (PortSpec port : workload.ports()) {
                if (port.port() > 0) {
                    ports.putIfAbsent(
                            port.port(),
                            new ServicePort(
                                    port.name(), port.port(), port.targetPort(), port.protocol()));
                }
            }
        }
        Map<String, List<ServicePort>> lists = new LinkedHashMap<>();
        found.forEach((name, ports) -> lists.put(name, List.copyOf(ports.values())));
        return lists;
    }

    private void start(
            WorkloadSpec workload,
            int index,
            List<RegisteredService> services,
            ApplicationStarter applications) {
        EchoApplication application =
                applications.start(workload, index, faults(workload.namespace(), workload.name()));
        boolean told = workload.name().endsWith(workload.version());
        String instance =
                workload.name()
                        + (told ? "" : "-" + workload.version())
                        + "-"
                        + index
                        + "."
                        + workload.namespace();
        SpiffeId identity =
                new SpiffeId(
                        settings.trustDomain(), workload.namespace(), workload.serviceAccount());
        LabReplica replica = new LabReplica(workload, index, instance, identity, application, null);
        if (workload.sidecar()) {
            ProxyStarter.Started proxy = proxies.start(plane(replica, services));
            sources.put(instance, proxy.source());
            replica =
                    new LabReplica(workload, index, instance, identity, application, proxy.proxy());
        }
        started.push(replica);
        replicas.add(replica);
        if (!workload.sidecar()) {
            outsiders.add(replica, services);
        }
        Map<Integer, Integer> entrances = new LinkedHashMap<>();
        for (PortSpec port : workload.ports()) {
            entrances.put(port.targetPort(), replica.entrance(port.targetPort()));
        }
        services.forEach(service ->
                network.service(service.name(), workload.namespace(), service.ports(), entrances));
    }

    private DataPlaneSettings plane(LabReplica replica, List<RegisteredService> services) {
        WorkloadSpec workload = replica.workload();
        DataPlaneSettings.Builder builder =
                DataPlaneSettings.forWorkload(workload.namespace(), workload.name())
                        .trustDomain(settings.trustDomain())
                        .serviceAccount(workload.serviceAccount())
                        .instance(replica.instance())
                        .labels(workload.labels())
                        .locality(workload.locality())
                        .cluster(CLUSTER)
                        .address(replica.address())
                        .outboundPort(0)
                        .eventLoopGroup(proxies.loops())
                        .routeWait(ROUTE_WAIT)
                        .drainTime(Duration.ZERO);
        for (PortSpec port : ApplicationStarter.targets(workload)) {
            builder.inbound(ApplicationStarter.binding(workload, port, replica.application()));
        }
        services.forEach(builder::service);
        return builder.build();
    }

    private void start(GatewaySpec gateway) {
        String instance = gateway.name() + "-0." + gateway.namespace();
        DataPlaneSettings.Builder builder =
                DataPlaneSettings.forWorkload(gateway.namespace(), gateway.name())
                        .trustDomain(settings.trustDomain())
                        .instance(instance)
                        .labels(gateway.labels())
                        .cluster(CLUSTER)
                        .gateway(true)
                        .outboundPort(-1)
                        .eventLoopGroup(proxies.loops())
                        .routeWait(ROUTE_WAIT)
                        .drainTime(Duration.ZERO);
        gateway.ports().forEach(port -> builder.gatewayPort(new GatewayBinding(port, 0)));
        DataPlaneSettings plane = builder.build();
        ProxyStarter.Started proxy = proxies.start(plane);
        sources.put(instance, proxy.source());
        LabGateway running = new LabGateway(gateway, instance, plane.identity(), proxy.proxy());
        started.push(running);
        gateways.add(running);
    }

    public LabSettings settings() {
        return settings;
    }

    public LabControlPlane control() {
        return control;
    }

    public TokenIssuers issuers() {
        return issuers;
    }

    public ExchangeRecorder recorder() {
        return recorder;
    }

    public List<LabReplica> replicas() {
        return List.copyOf(replicas);
    }

    public List<LabGateway> gateways() {
        return List.copyOf(gateways);
    }

    /** All replicas of a workload, in their order. */
    public List<LabReplica> replicas(String namespace, String workload) {
        return replicas.stream()
                .filter(each ->
                        each.workload().namespace().equals(namespace)
                                && each.workload().name().equals(workload))
                .toList();
    }

    /** The replica or gateway with this name of the registration. */
    public Optional<LabReplica> replica(String instance) {
        return replicas.stream().filter(each -> each.instance().equals(instance)).findFirst();
    }

    /** What the sidecar or gateway with this name counts, as Prometheus reads it. */
    public Optional<String> scrape(String instance) {
        return Stream.concat(
                        gateways.stream()
                                .filter(each -> each.instance().equals(instance))
                                .map(LabGateway::proxy),
                        replicas.stream()
                                .filter(each -> each.instance().equals(instance))
                                .flatMap(each -> Stream.ofNullable(each.proxy())))
                .findFirst()
                .map(proxy -> proxy.metrics().scrape());
    }

    /** What all replicas of a workload together shall do wrong, and how often they were asked. */
    public EchoFaults faults(String namespace, String workload) {
        return faults.computeIfAbsent(namespace + "/" + workload, name -> new EchoFaults());
    }

    /** Asks, for a sidecar, for the routes of {@code host:port}, as a first request would. */
    public void want(String instance, String hostAndPort) {
        LabSource source = sources.get(instance);
        if (source != null) {
            source.want(hostAndPort);
        }
    }

    /** Where a name of the network leads that is not in the mesh, 0 when it is not known. */
    public int place(String host, int port) {
        var place = network.find(host, port);
        return place == null ? 0 : place.getPort();
    }

    /** The time of the mesh. */
    public AdjustableClock clock() {
        return clock;
    }

    /** Moves the mesh's time; certificates that are past half their life then are renewed. */
    public void advance(Duration by) {
        clock.advance(by);
        proxies.renew();
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close", part, e);
            }
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        delete(stateDir);
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", directory, e.getMessage());
        }
    }
}
