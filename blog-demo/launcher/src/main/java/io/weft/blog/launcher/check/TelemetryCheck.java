package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.telemetry.PrometheusText;
import io.weft.blog.launcher.telemetry.Span;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Item 10: metrics count exactly, a trace spans everything, the access log looks as the seed says.
 */
final class TelemetryCheck implements AcceptanceCheck {

    private static final int CALLS = 137;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The seed's format: five lines of text that hold these fields in this order. */
    private static final Pattern LOG_LINE =
            Pattern.compile(
                    "\\[\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z\\] \"GET /api/v1/articles\\S* HTTP/\\S+\"\\s+"
                            + "200 \\S+ \\d+ \\d+\\s+"
                            + "\\d+ \\d+ \"[^\"]*\"\\s+"
                            + "\"[^\"]*\" \"[^\"]+\" \"[^\"]+\" \"[^\"]+\"");

    @Override
    public int item() {
        return 10;
    }

    @Override
    public String title() {
        return "metrics, traces and logs";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        metrics(demo, findings);
        trace(demo, findings);
        accessLog(demo, findings);
    }

    private static void metrics(CheckedDemo demo, Findings findings)
            throws IOException, InterruptedException {
        Map<String, String> labels =
                Map.of(
                        "source_workload", "curl",
                        "source_workload_namespace", "blog",
                        "destination_service", "blog-api.blog.svc.cluster.local",
                        "destination_service_name", "blog-api",
                        "destination_service_namespace", "blog",
                        "request_protocol", "http",
                        "response_code", "200");
        long atSource = count(demo, "source", labels);
        long atDestination = count(demo, "destination", labels);
        VersionCount sent =
                VersionCount.of(
                        demo.callers().curl(Topology.BLOG_API),
                        CALLS,
                        Callers.get(Callers.ARTICLES));
        findings.equal("so many calls are sent, all answered", CALLS, sent::total);
        counted(demo, findings, "source", labels, atSource);
        counted(demo, findings, "destination", labels, atDestination);
        findings.equal(
                "… with the peers' principals",
                "spiffe://cluster.local/ns/blog/sa/curl → spiffe://cluster.local/ns/blog/sa/blog-api, mutual_tls",
                () -> principals(demo, labels));
    }

    private static void counted(
            CheckedDemo demo,
            Findings findings,
            String reporter,
            Map<String, String> labels,
            long before)
            throws InterruptedException {
        findings.that(
                "istio_requests_total counts them at the " + reporter,
                "exactly " + CALLS + " more",
                () -> {
                    // The last answer may be on its way a little before it is counted.
                    Deadline.in(TIMEOUT)
                            .awaitTrue(() -> count(demo, reporter, labels) - before >= CALLS);
                    long more = count(demo, reporter, labels) - before;
                    return Seen.of(more == CALLS, more + " more");
                });
    }

    private static long count(CheckedDemo demo, String reporter, Map<String, String> labels)
            throws IOException {
        double sum = 0;
        for (ProxySpec proxy : demo.topology().proxies()) {
            sum +=
                    PrometheusText.parse(scrape(proxy)).stream()
                            .filter(sample -> sample.metric().equals("istio_requests_total"))
                            .filter(sample -> sample.label("reporter").equals(reporter))
                            .filter(sample -> sample.has(labels))
                            .mapToDouble(sample -> sample.value())
                            .sum();
        }
        return Math.round(sum);
    }

    private static String principals(CheckedDemo demo, Map<String, String> labels)
            throws IOException {
        Set<String> seen = new java.util.TreeSet<>();
        for (ProxySpec proxy : demo.topology().instancesOf("blog-api")) {
            PrometheusText.parse(scrape(proxy)).stream()
                    .filter(sample -> sample.metric().equals("istio_requests_total"))
                    .filter(sample -> sample.label("reporter").equals("destination"))
                    .filter(sample -> sample.has(labels))
                    .forEach(sample ->
                            seen.add(
                                    sample.label("source_principal")
                                            + " → "
                                            + sample.label("destination_principal")
                                            + ", "
                                            + sample.label("connection_security_policy")));
        }
        return String.join("; ", seen);
    }

    private static String scrape(ProxySpec proxy) throws IOException {
        HttpAnswer answer =
                HttpConnection.once(
                        Target.plain(proxy.metricsPort()),
                        HttpQuestion.get("localhost", "/stats/prometheus"),
                        TIMEOUT);
        if (answer.status() != 200) {
            throw new IOException(proxy.instance() + ": metrics: " + answer.status());
        }
        return answer.body();
    }

    private static void trace(CheckedDemo demo, Findings findings)
            throws IOException, InterruptedException {
        byte[] ids = new byte[24];
        ThreadLocalRandom.current().nextBytes(ids);
        String hex = HexFormat.of().formatHex(ids);
        String traceId = hex.substring(0, 32);
        HttpQuestion question =
                HttpQuestion.get(Topology.BLOG_HOST, Callers.ARTICLES)
                        .with("traceparent", "00-" + traceId + "-" + hex.substring(32) + "-01");
        demo.callers().outside(question);
        Set<String> expected = Set.of("istio-ingressgateway", "blog-api", "user-service");
        // Each process exports its own spans when its batch is due.
        Deadline.in(PATIENCE)
                .awaitTrue(() ->
                        services(demo, traceId).containsAll(expected)
                                && roots(demo.spans().trace(traceId)) == 1);
        List<Span> spans = demo.spans().trace(traceId);
        findings.that(
                "a trace spans gateway, sidecars and application",
                "istio-ingressgateway, blog-api, user-service",
                () ->
                        Seen.of(
                                services(demo, traceId).containsAll(expected),
                                services(demo, traceId)));
        long roots = roots(spans);
        findings.that(
                "… as one tree",
                "one root, at least 6 spans",
                () ->
                        Seen.of(
                                roots == 1 && spans.size() >= 6,
                                roots + " root(s), " + spans.size() + " spans"));
    }

    /** Spans whose parent is not (yet) known. */
    private static long roots(List<Span> spans) {
        Set<String> known = spans.stream().map(Span::spanId).collect(Collectors.toSet());
        return spans.stream().filter(span -> !known.contains(span.parentSpanId())).count();
    }

    private static Set<String> services(CheckedDemo demo, String traceId) {
        return demo.spans().trace(traceId).stream()
                .map(Span::service)
                .map(name -> name.replaceFirst("\\.(blog|istio-system)$", ""))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }

    private static void accessLog(CheckedDemo demo, Findings findings) throws Exception {
        demo.callers().fromFrontend(Callers.get(Callers.ARTICLES));
        findings.that(
                "the access log has the seed's format",
                "[start] \"GET path protocol\" 200 flags bytes … upstream",
                () -> {
                    String found =
                            Deadline.in(PATIENCE)
                                    .await(() -> {
                                        String log =
                                                Files.readString(
                                                        demo.mesh()
                                                                .accessLog(
                                                                        demo.topology()
                                                                                .proxy(
                                                                                        "blog-frontend-0")));
                                        var matcher = LOG_LINE.matcher(log);
                                        return matcher.find() ? matcher.group() : null;
                                    });
                    return found == null ? Seen.failed("no such line") : Seen.of(true, found);
                });
    }
}
