package io.weft.blog.launcher.check;

import io.weft.blog.launcher.apps.FaultSwitch;
import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.HttpSession;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Item 7: outlier ejection. Asked through the gateway, whose route takes all of blog-api; the
 * subsets have port-level settings, which replace the ejection of the whole.
 */
final class OutlierCheck implements AcceptanceCheck {

    private static final int CONSECUTIVE = 5;
    private static final int PROBES = 60;
    private static final int MANY = 1000;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration EJECTION = Duration.ofSeconds(30);
    private static final Duration SLACK = Duration.ofSeconds(35);

    @Override
    public int item() {
        return 7;
    }

    @Override
    public String title() {
        return "outlier ejection";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        List<ProxySpec> apis = demo.topology().instancesOf("blog-api");
        try {
            // Answers in between, so that failures of other checks are not counted on.
            ask(demo, PROBES);
            ejectOne(demo, findings, apis.get(1));
            neverMoreThanHalf(demo, findings, apis);
        } finally {
            for (ProxySpec api : apis) {
                FaultSwitch.heal(api);
            }
        }
    }

    private static void ejectOne(CheckedDemo demo, Findings findings, ProxySpec victim)
            throws IOException, InterruptedException {
        FaultSwitch.fail(victim, CONSECUTIVE, 500);
        long start = System.nanoTime();
        Map<String, Integer> before = ask(demo, CONSECUTIVE * 20);
        findings.equal(
                "a replica fails " + CONSECUTIVE + " times in a row",
                CONSECUTIVE,
                () -> before.getOrDefault("failed", 0));
        Map<String, Integer> during = ask(demo, PROBES);
        findings.that(
                "… and is ejected: " + PROBES + " requests go to the others",
                "none to " + victim.instance(),
                () -> Seen.of(!during.containsKey(victim.instance()), during));
        boolean back =
                Deadline.in(EJECTION.plus(SLACK))
                        .awaitTrue(() -> ask(demo, 8).containsKey(victim.instance()));
        Duration after = Duration.ofNanos(System.nanoTime() - start);
        findings.that(
                "… and comes back after its time",
                "after 30 s",
                () ->
                        Seen.of(
                                back && after.compareTo(EJECTION.minusSeconds(2)) > 0,
                                back
                                        ? "after " + after.toSeconds() + " s"
                                        : "not within " + after.toSeconds() + " s"));
    }

    private static void neverMoreThanHalf(CheckedDemo demo, Findings findings, List<ProxySpec> apis)
            throws IOException, InterruptedException {
        for (ProxySpec api : apis) {
            FaultSwitch.fail(api, MANY, 500);
        }
        ask(demo, CONSECUTIVE * 24);
        List<Long> before = arrived(apis);
        ask(demo, PROBES);
        List<Long> after = arrived(apis);
        int more = 0;
        for (int i = 0; i < apis.size(); i++) {
            more += after.get(i) > before.get(i) ? 1 : 0;
        }
        int reached = more;
        findings.that(
                "all replicas fail: at most half are out",
                "at least 2 of " + apis.size() + " still reached",
                () -> Seen.of(reached >= (apis.size() + 1) / 2, reached + " reached"));
    }

    private static List<Long> arrived(List<ProxySpec> apis) throws IOException {
        List<Long> counts = new ArrayList<>();
        for (ProxySpec api : apis) {
            counts.add(FaultSwitch.arrived(api));
        }
        return counts;
    }

    /** Answers by instance; those with 5xx count as {@code failed}. */
    private static Map<String, Integer> ask(CheckedDemo demo, int times) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (HttpSession session = new HttpSession(demo.callers().gateway(), TIMEOUT)) {
            for (int i = 0; i < times; i++) {
                HttpAnswer answer =
                        session.exchange(HttpQuestion.get(Topology.BLOG_HOST, Callers.ARTICLES));
                String who =
                        answer.status() >= 500
                                ? "failed"
                                : answer.header("x-blog-instance").orElse("unknown");
                counts.merge(who, 1, Integer::sum);
            }
        }
        return counts;
    }
}
