package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.time.Duration;

/** Item 9: the mesh goes on without its control plane, also after a restart of a sidecar. */
final class OutageCheck implements AcceptanceCheck {

    private static final int CALLS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETURN = Duration.ofSeconds(60);

    @Override
    public int item() {
        return 9;
    }

    @Override
    public String title() {
        return "without the control plane";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        demo.control().kill();
        try {
            findings.equal(
                    "policy-service and config-service are killed",
                    "nobody answers",
                    () -> demo.policies().answers() ? "somebody answers" : "nobody answers");
            serves(demo, findings, "traffic goes on");
            restart(demo, findings);
        } finally {
            demo.control().start();
        }
        long start = System.nanoTime();
        boolean reconciled =
                Deadline.in(RETURN).awaitTrue(() -> demo.allUpToDate(demo.repository().head()));
        findings.that(
                "both are back: every proxy reconciles",
                "all " + demo.topology().proxies().size() + " connected and up to date",
                () ->
                        Seen.of(
                                reconciled,
                                "%d of %d after %.1f s"
                                        .formatted(
                                                demo.policies().upToDate(demo.repository().head()),
                                                demo.topology().proxies().size(),
                                                (System.nanoTime() - start) / 1e9)));
        serves(demo, findings, "traffic goes on");
    }

    private static void restart(CheckedDemo demo, Findings findings) throws InterruptedException {
        ProxySpec sidecar = demo.topology().proxy("curl-0");
        findings.that(
                "a sidecar restarted meanwhile takes its last good configuration",
                "configured",
                () -> {
                    demo.mesh().stop(sidecar);
                    demo.mesh().start(sidecar);
                    boolean configured = demo.mesh().awaitConfigured(sidecar, PATIENCE);
                    return Seen.of(configured, configured ? "configured" : "not configured");
                });
        findings.that(
                "… and serves: " + CALLS + " calls",
                CALLS + " answered 200",
                () -> {
                    VersionCount count = calls(demo);
                    return Seen.of(count.total() == CALLS, count);
                });
        ProxySpec server = demo.topology().proxy("blog-api-v2-0");
        findings.that(
                "… so does one on the server's side, still STRICT",
                "200 over the mesh, plain text refused",
                () -> {
                    demo.mesh().stop(server);
                    demo.mesh().start(server);
                    boolean configured = demo.mesh().awaitConfigured(server, PATIENCE);
                    int status =
                            demo.callers()
                                    .fromCurl(Callers.get(Callers.ARTICLES).with("canary", "true"))
                                    .status();
                    boolean refused = isRefused(server.port(8080).meshPort());
                    return Seen.of(
                            configured && status == 200 && refused,
                            status + ", plain text " + (refused ? "refused" : "let in"));
                });
    }

    private static boolean isRefused(int meshPort) {
        try {
            io.weft.blog.launcher.net.HttpConnection.once(
                    io.weft.blog.launcher.net.Target.plain(meshPort),
                    Callers.get(Callers.ARTICLES),
                    PATIENCE);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void serves(CheckedDemo demo, Findings findings, String name)
            throws InterruptedException {
        findings.that(
                name + ": " + CALLS + " calls in the mesh",
                CALLS + " answered 200",
                () -> {
                    VersionCount count = calls(demo);
                    return Seen.of(count.total() == CALLS, count);
                });
        findings.equal(
                name + ": a page through the gateway",
                200,
                () -> demo.callers().outside("/").status());
    }

    private static VersionCount calls(CheckedDemo demo) throws IOException {
        return VersionCount.of(
                demo.callers().curl(Topology.BLOG_API), CALLS, Callers.get(Callers.ARTICLES));
    }
}
