package io.weft.policy.console;

import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.Edge;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Outcome;
import io.weft.model.wire.TrafficReport.Party;
import io.weft.policy.PolicyServiceApplication;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.TestWorkload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A mesh of so many workloads that call each other over so many edges: every one of them has joined
 * the real policy-service and reports to it over mTLS each second, as a sidecar does.
 */
final class GeneratedMesh implements AutoCloseable {

    private static final int TIERS = 6;
    private static final String NAMESPACE = "shop";

    private final ConfigurableApplicationContext application;
    private final List<TestWorkload> workloads = new ArrayList<>();
    private final List<List<EdgeKey>> outgoing = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final Random random = new Random(7);
    private final Set<TestWorkload> told = new HashSet<>();

    GeneratedMesh(Path directory, int services, int edges) throws Exception {
        Path policies = Files.createDirectories(directory.resolve("policies"));
        application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.directory=" + policies);
        PolicyServer server = application.getBean(PolicyServer.class);
        for (int i = 0; i < services; i++) {
            TestWorkload workload = TestWorkload.joined(server, NAMESPACE, name(i), name(i) + "-0");
            workload.register(workload.registration(9090, true));
            workload.subscribe();
            workload.open();
            workloads.add(workload);
            outgoing.add(new ArrayList<>());
        }
        connect(services, edges);
    }

    private static String name(int service) {
        return "service-%03d".formatted(service);
    }

    private static Party party(int service) {
        return new Party(
                name(service),
                NAMESPACE,
                "v1",
                "spiffe://cluster.local/ns/" + NAMESPACE + "/sa/" + name(service));
    }

    /** From each tier to the ones behind it. */
    private void connect(int services, int edges) {
        Set<Long> taken = new HashSet<>();
        int tier = services / TIERS;
        while (taken.size() < edges) {
            int from = random.nextInt(services - tier);
            int behind = (from / tier + 1) * tier;
            int to = Math.min(services - 1, behind + random.nextInt(tier * 2));
            if (taken.add((long) from * services + to)) {
                outgoing.get(from)
                        .add(
                                new EdgeKey(
                                        false,
                                        party(from),
                                        party(to),
                                        name(to) + "." + NAMESPACE + ".svc.cluster.local",
                                        "http",
                                        true));
            }
        }
    }

    /** From now on every sidecar reports each second. */
    void report() {
        clock.scheduleAtFixedRate(this::reportOnce, 0, 1, TimeUnit.SECONDS);
    }

    void reportOnce() {
        for (int i = 0; i < workloads.size(); i++) {
            if (outgoing.get(i).isEmpty()) {
                continue;
            }
            TestWorkload workload = workloads.get(i);
            boolean keys = told.add(workload);
            List<Edge> edges = new ArrayList<>();
            for (int n = 0; n < outgoing.get(i).size(); n++) {
                edges.add(new Edge(n + 1, keys ? outgoing.get(i).get(n) : null, outcomes()));
            }
            try {
                int status = workload.traffic(new TrafficReport(1000, edges, List.of(), 0));
                if (status != 204) {
                    told.remove(workload);
                }
            } catch (Exception e) {
                told.remove(workload);
            }
        }
    }

    private List<Outcome> outcomes() {
        int requests = 1 + random.nextInt(200);
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(
                new Outcome(
                        200,
                        -1,
                        "-",
                        requests,
                        0,
                        0,
                        0,
                        4000,
                        List.of(4 + random.nextInt(8), requests)));
        if (random.nextInt(20) == 0) {
            outcomes.add(new Outcome(503, -1, "UF", 3, 0, 1, 0, 90, List.of(9, 3)));
        }
        return outcomes;
    }

    String url() {
        return "http://127.0.0.1:"
                + application.getEnvironment().getProperty("local.server.port")
                + "/";
    }

    int edgesKnown() {
        return application.getBean(PolicyServer.class).traffic().store().graph(60).size();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        workloads.forEach(TestWorkload::close);
        application.close();
    }
}
