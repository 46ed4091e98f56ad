package io.weft.blog.launcher;

import io.weft.blog.launcher.apps.BlogApps;
import io.weft.blog.launcher.apps.TokenIssuer;
import io.weft.blog.launcher.check.CheckedDemo;
import io.weft.blog.launcher.control.ControlPlane;
import io.weft.blog.launcher.mesh.JoinGrant;
import io.weft.blog.launcher.mesh.MeshHost;
import io.weft.blog.launcher.mesh.OwnProcessMesh;
import io.weft.blog.launcher.mesh.SharedProcessMesh;
import io.weft.blog.launcher.net.EchoServer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.pki.TlsClients;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.process.Ports;
import io.weft.blog.launcher.process.ProcessGroup;
import io.weft.blog.launcher.process.ServiceProcess;
import io.weft.blog.launcher.repo.SampleRepository;
import io.weft.blog.launcher.telemetry.OtlpReceiver;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.blog.launcher.topology.Topology;
import io.weft.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The whole blog behind the mesh, running; all that must end belongs to its {@link OpenParts}. */
final class Demo {

    private static final String TRUST_DOMAIN = "cluster.local";
    private static final int USUAL_HTTPS = 8443;
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(5);
    private static final int TOKEN_BYTES = 32;

    private final DemoOptions options;
    private final Progress progress;
    private final Topology topology;
    private final WorkFolder work;
    private final SampleRepository repository;
    private final WebCertificates web;
    private final OtlpReceiver spans;
    private final ProcessGroup processes;
    private final ControlPlane control;
    private final MeshHost mesh;
    private final OpenParts parts;

    private Demo(DemoOptions options, Progress progress, OpenParts parts)
            throws IOException, InterruptedException {
        this.options = options;
        this.progress = progress;
        this.parts = parts;
        Ports ports = new Ports(options.portOffset());
        Integer wanted = options.port();
        if (wanted != null) {
            ControlPlane.requireFree(wanted, "--port");
        }
        topology =
                Topology.of(
                        options.dialect(),
                        ports,
                        wanted == null ? ports.usual(USUAL_HTTPS) : wanted);
        Path existing = options.repository();
        SampleRepository opened = existing == null ? null : own(SampleRepository.open(existing));
        work = own(WorkFolder.open(options.work()));
        DemoLog.to(work.path().resolve("logs/mesh.log"));
        web =
                WebCertificates.create(
                        work.path().resolve("certificates"),
                        topology.gateway().workload().namespace(),
                        Instant.now());
        repository = opened == null ? own(createRepository()) : opened;
        spans = own(OtlpReceiver.start(topology.control().spans()));
        Secret token = newToken();
        processes = own(new ProcessGroup(work.path()));
        control =
                new ControlPlane(
                        new ControlPlane.Setup(
                                options.home(),
                                topology,
                                repository.folder(),
                                stateDir(),
                                web.secrets(),
                                web.caFile(),
                                token),
                        processes);
        control.start();
        startApplications();
        control.awaitReady(repository.head(), caFile());
        progress.done(
                "control plane: commit " + repository.head().substring(0, 8) + " is in force");
        mesh = own(newMesh(token));
    }

    /**
     * Starts everything; returns when the first page has been served.
     *
     * @param parts takes what has been started, also when this fails
     * @throws DemoProblem with one line for people
     */
    static Demo start(DemoOptions options, Progress progress, OpenParts parts)
            throws InterruptedException {
        try {
            Demo demo = new Demo(options, progress, parts);
            demo.startProxies();
            demo.awaitApplications();
            demo.awaitFirstPage();
            return demo;
        } catch (IOException | UncheckedIOException e) {
            throw new DemoProblem(DemoProblem.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private <T extends AutoCloseable> T own(T part) {
        return parts.own(part);
    }

    private SampleRepository createRepository() {
        Path folder = work.path().resolve("config");
        SampleRepository created =
                SampleRepository.create(
                        folder,
                        options.dialect().id(),
                        Map.of("AUTH_PORT", Integer.toString(topology.authPort())));
        progress.done("Git repository with the sample: " + folder);
        return created;
    }

    private void startApplications() throws IOException {
        progress.doing("starting config-service, policy-service and the blog's applications");
        BlogApps apps = new BlogApps(options.home(), processes, topology, spans.endpoint());
        apps.startIssuer(web.issuerCertificate(), web.issuerKey());
        apps.startAll();
        own(EchoServer.start(topology.proxy("echo-0").ports().getFirst().appPort()));
    }

    private MeshHost newMesh(Secret token) throws IOException {
        JoinGrant grant =
                new JoinGrant(
                        "127.0.0.1:" + topology.control().join(),
                        Files.readString(caFile()),
                        token,
                        TRUST_DOMAIN);
        String stream = "127.0.0.1:" + topology.control().stream();
        return options.processes()
                ? new OwnProcessMesh(
                        new OwnProcessMesh.Setup(
                                options.home(),
                                work.path(),
                                grant,
                                caFile(),
                                stream,
                                spans.endpoint()),
                        processes)
                : new SharedProcessMesh(work.path(), grant, List.of(stream), spans.base());
    }

    private void startProxies() throws InterruptedException {
        progress.doing("starting " + topology.proxies().size() + " proxies");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> starting = new ArrayList<>();
            for (ProxySpec proxy : topology.proxies()) {
                starting.add(threads.submit(() -> mesh.start(proxy)));
            }
            for (Future<?> each : starting) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw failure(String.valueOf(e.getCause()));
        }
        boolean configured =
                Deadline.in(PATIENCE)
                        .awaitTrue(() ->
                                control.api().upToDate(repository.head())
                                        == topology.proxies().size());
        if (!configured) {
            throw failure(
                    "not every proxy has its configuration after " + PATIENCE.toSeconds() + " s");
        }
        progress.done(
                "mesh: gateway and "
                        + (topology.proxies().size() - 1)
                        + " sidecars have joined and are configured");
    }

    private void awaitApplications() throws InterruptedException {
        List<ProxySpec> waiting = new ArrayList<>();
        topology.proxies().stream().filter(proxy -> !proxy.ports().isEmpty()).forEach(waiting::add);
        Deadline deadline = Deadline.in(PATIENCE);
        boolean ready =
                deadline.awaitTrue(() -> {
                    requireAllAlive();
                    waiting.removeIf(proxy -> !Ports.isFree(proxy.ports().getFirst().appPort()));
                    progress.doing("waiting for " + waiting.size() + " applications");
                    return waiting.isEmpty() && !Ports.isFree(topology.authPort());
                });
        requireAllAlive();
        if (!ready) {
            throw failure(
                    waiting.stream().map(ProxySpec::instance).toList()
                            + ": not listening after "
                            + PATIENCE.toSeconds()
                            + " s");
        }
        progress.done("applications: all listen");
    }

    private void awaitFirstPage() throws InterruptedException {
        Target gateway =
                Target.tls(
                        topology.httpsPort(), TlsClients.trusting(web.root()), Topology.BLOG_HOST);
        progress.doing("waiting for the first page");
        boolean served =
                Deadline.in(PATIENCE)
                        .awaitTrue(() -> {
                            requireAllAlive();
                            return HttpConnection.once(
                                                    gateway,
                                                    HttpQuestion.get(Topology.BLOG_HOST, "/"),
                                                    PAGE_TIMEOUT)
                                            .status()
                                    == 200;
                        });
        requireAllAlive();
        if (!served) {
            throw failure("the gateway serves no page after " + PATIENCE.toSeconds() + " s");
        }
        progress.done("the first page is served");
    }

    /** One that ended by itself takes the demo with it. */
    void requireAllAlive() {
        for (ServiceProcess dead : processes.dead()) {
            throw failure(dead.name() + " ended by itself:\n" + dead.logTail());
        }
    }

    private DemoProblem failure(String message) {
        work.keep();
        return new DemoProblem(
                DemoProblem.FAILED, message + "\nLogs are kept in " + work.path().resolve("logs"));
    }

    CheckedDemo checked() {
        return new CheckedDemo(
                topology,
                mesh,
                control,
                repository,
                new TokenIssuer(
                        Target.tls(
                                topology.authPort(),
                                TlsClients.trusting(web.root()),
                                Topology.AUTH_HOST)),
                spans,
                web.root(),
                web.blog(),
                TRUST_DOMAIN);
    }

    Topology topology() {
        return topology;
    }

    WebCertificates web() {
        return web;
    }

    SampleRepository repository() {
        return repository;
    }

    Path logs() {
        return work.path().resolve("logs");
    }

    List<Long> pids() {
        return processes.pids();
    }

    private Path stateDir() {
        return work.path().resolve("control-plane");
    }

    private Path caFile() {
        return stateDir().resolve("ca.pem");
    }

    private static Secret newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
}
