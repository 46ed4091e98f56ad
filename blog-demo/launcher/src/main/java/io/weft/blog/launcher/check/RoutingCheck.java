package io.weft.blog.launcher.check;

import io.weft.blog.launcher.apps.FaultSwitch;
import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Item 2: four routes of the gateway, and the time-outs and retries of the first. */
final class RoutingCheck implements AcceptanceCheck {

    private static final Duration PER_TRY = Duration.ofSeconds(10);
    private static final Duration SLACK = Duration.ofSeconds(2);

    @Override
    public int item() {
        return 2;
    }

    @Override
    public String title() {
        return "routes, time-outs and retries";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        reaches(demo, findings, Callers.ARTICLES, "blog-api", "x-blog-instance", "blog-api-");
        reaches(
                demo,
                findings,
                "/api/users/",
                "user-service",
                "x-users-served-by",
                "user-service-");
        findings.that(
                "/static/… reaches static-files",
                "200 text/css",
                () -> {
                    HttpAnswer answer = demo.callers().outside("/static/css/theme.css");
                    String type = answer.header("content-type").orElse("");
                    return Seen.of(
                            answer.status() == 200 && type.startsWith("text/css"),
                            answer.status() + " " + type);
                });
        findings.that(
                "all else reaches blog-frontend",
                "200 text/html",
                () -> {
                    HttpAnswer answer = demo.callers().outside("/users");
                    String type = answer.header("content-type").orElse("");
                    return Seen.of(
                            answer.status() == 200 && type.startsWith("text/html"),
                            answer.status() + " " + type);
                });
        retries(demo, findings);
        perTryTimeout(demo, findings);
    }

    private static void reaches(
            CheckedDemo demo,
            Findings findings,
            String path,
            String service,
            String header,
            String prefix)
            throws InterruptedException {
        findings.that(
                path + " reaches " + service,
                "200 from " + prefix + "…",
                () -> {
                    HttpAnswer answer = demo.callers().outside(path);
                    String from = answer.header(header).orElse("nobody");
                    return Seen.of(
                            answer.status() == 200 && from.startsWith(prefix),
                            answer.status() + " from " + from);
                });
    }

    /**
     * The first two connections that reach blog-api break, as those to crashed instances do; a
     * plain 503 of the application would be no reason for Istio's default conditions to try again.
     */
    private static void retries(CheckedDemo demo, Findings findings) throws Exception {
        List<ProxySpec> apis = demo.topology().instancesOf("blog-api");
        try (FaultyWires wires = FaultyWires.before(demo, apis, 8080)) {
            wires.failNext(2);
            HttpAnswer answer = demo.callers().outside(Callers.ARTICLES);
            findings.equal("blog-api fails twice: the caller sees one answer", 200, answer::status);
            findings.equal("… after three tries", 3, wires::attempts);
        }
    }

    private static void perTryTimeout(CheckedDemo demo, Findings findings)
            throws IOException, InterruptedException {
        List<ProxySpec> apis = demo.topology().instancesOf("blog-api");
        for (ProxySpec api : apis) {
            FaultSwitch.delay(api, 1, PER_TRY.plusSeconds(20));
        }
        findings.that(
                "a try of /api/v1/ ends after 10 s",
                "504 after 10 s",
                () -> {
                    long start = System.nanoTime();
                    HttpAnswer answer =
                            demo.callers()
                                    .outside(
                                            HttpQuestion.get(Topology.BLOG_HOST, Callers.ARTICLES));
                    Duration took = Duration.ofNanos(System.nanoTime() - start);
                    return Seen.of(
                            answer.status() == 504
                                    && took.compareTo(PER_TRY.minus(SLACK)) > 0
                                    && took.compareTo(PER_TRY.plus(SLACK)) < 0,
                            "%d after %.1f s".formatted(answer.status(), took.toMillis() / 1000.0));
                });
        for (ProxySpec api : apis) {
            FaultSwitch.heal(api);
        }
    }
}
