package io.weft.policy.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.wire.SidecarState;
import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.Edge;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Fate;
import io.weft.model.wire.TrafficReport.Outcome;
import io.weft.model.wire.TrafficReport.Party;
import io.weft.policy.PolicyServiceApplication;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.TestWorkload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A sidecar whose workload is an attacker's, and policies that were written by one. */
@Timeout(180)
class HostileContentTest {

    private static final String TAG = "<img src=x onerror=harmed++>";

    /** The marks turn the text around them; the rest is long without a place to break. */
    private static final String NASTY =
            TAG + "\u202E\u2066 gnp.exe\u200B\u0007</script><script>harmed++</script>\"'`";

    private static final String LONG = "x".repeat(200);
    private static final String OPERATOR = "an-operators-token-of-some-length";

    @TempDir Path directory;

    private static String accepted() {
        return """
        # %s \u202E
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: blog}
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: 9090}]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: web, namespace: blog}
        spec:
          selector: {matchLabels: {app: web}}
          action: ALLOW
          rules: [{to: [{operation: {paths: ["/%s%s"]}}]}]
        """
                .formatted(TAG, TAG, LONG);
    }

    /** What is refused is told with the author's own words. */
    private static String refused() {
        return """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: "%s", namespace: blog}
        spec:
          "%s\u202E": 1
          action: "%s%s"
        """
                .formatted(TAG, TAG, TAG, LONG);
    }

    private static TrafficReport report(String tap, long second) {
        Party self = new Party("web", "blog", NASTY, "spiffe://cluster.local/ns/blog/sa/web");
        Party other = new Party(NASTY.substring(0, 60), TAG, LONG, NASTY);
        EdgeKey out = new EdgeKey(false, self, other, TAG + LONG, "http", true);
        EdgeKey in = new EdgeKey(true, other, self, "web.blog.svc.cluster.local", "http", true);
        Outcome denied = new Outcome(403, -1, NASTY, 2, 0, 0, 0, 10, List.of(4, 2));
        Fate fate =
                new Fate(
                        tap,
                        second * 1000,
                        1,
                        "GET",
                        NASTY,
                        "/" + NASTY + LONG,
                        403,
                        -1,
                        "UAEX",
                        NASTY,
                        NASTY,
                        NASTY,
                        tap.isEmpty()
                                ? new Origin(Dialect.ISTIO, TAG, "blog", NASTY, "mesh/a b.yaml", 3)
                                : null,
                        1,
                        0,
                        0,
                        1,
                        NASTY,
                        NASTY,
                        List.of("x-name: " + NASTY, "x-long: " + LONG + LONG));
        SidecarState state =
                new SidecarState(
                        NASTY,
                        second,
                        second + 3600,
                        false,
                        List.of(
                                new SidecarState.LeftOut(
                                        TAG, 80, NASTY, "web-0", false, 2, "5 5xx, " + NASTY),
                                new SidecarState.LeftOut(
                                        "web.blog.svc.cluster.local",
                                        80,
                                        NASTY,
                                        "web-0",
                                        false,
                                        2,
                                        "5 5xx, " + NASTY)),
                        0);
        return new TrafficReport(
                1000,
                List.of(new Edge(1, out, List.of(denied)), new Edge(2, in, List.of(denied))),
                List.of(fate),
                0,
                state);
    }

    @Test
    void nothingThatAWorkloadOrAPolicySaysComesToLifeInTheConsole() throws Exception {
        Browser.assumeInstalled();
        Path policies = Files.createDirectories(directory.resolve("policies"));
        Files.writeString(policies.resolve("a <b>.yaml"), accepted());
        ConfigurableApplicationContext application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.api.operator-token=" + OPERATOR,
                        "--weft.policy.directory=" + policies);
        try (application;
                ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
                TestWorkload web =
                        TestWorkload.joined(
                                application.getBean(PolicyServer.class), "blog", "web", "web-0")) {
            assertThat(web.register(web.registration(9090, true))).isEqualTo(204);
            assertThat(web.subscribe()).isEqualTo(204);
            assertThat(web.open()).isEqualTo(200);
            web.take();
            Files.writeString(policies.resolve("z <img src=x>.yaml"), refused());
            clock.scheduleAtFixedRate(() -> tell(application, web), 0, 500, TimeUnit.MILLISECONDS);
            Browser.Outcome outcome =
                    Browser.run(
                            "hostile.mjs",
                            "http://127.0.0.1:"
                                    + application.getEnvironment().getProperty("local.server.port")
                                    + "/",
                            OPERATOR,
                            Path.of("target/console").toAbsolutePath().toString());
            clock.shutdownNow();
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        }
    }

    private static void tell(ConfigurableApplicationContext application, TestWorkload web) {
        long now = System.currentTimeMillis() / 1000;
        try {
            web.traffic(report("", now));
            int open = application.getBean(PolicyServer.class).traffic().taps().size();
            for (int i = 1; i <= open; i++) {
                web.traffic(report("t" + i, now));
            }
        } catch (Exception e) {
            // The application has ended; the test has, too.
            Thread.currentThread().interrupt();
        }
    }
}
