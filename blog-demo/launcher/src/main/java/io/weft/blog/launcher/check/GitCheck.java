package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.control.PolicyApi.Refusal;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Item 8: a commit is enforced in a moment; a broken one, and one whose own tests fail, is refused;
 * a revert works.
 */
final class GitCheck implements AcceptanceCheck {

    private static final String FILE = "mesh/istio-traffic.yaml";
    private static final String SECURITY = "mesh/istio-security.yaml";
    private static final String TESTS = "mesh/tests/blog.yaml";
    private static final Duration PROMISE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int CALLS = 400;

    @Override
    public int item() {
        return 8;
    }

    @Override
    public String title() {
        return "from a commit to enforcement";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        gate(demo, findings);
        String sample = demo.repository().read(FILE);
        String half =
                sample.replace("weight: 90", "weight: 50").replace("weight: 10", "weight: 50");
        inForceInTime(
                demo,
                findings,
                "git commit of 50/50",
                () -> demo.repository().commit(FILE, half, "Half of the traffic to v2"));
        split(demo, findings, "… 50 % of " + CALLS + " calls go to v2", 0.5);
        refuse(demo, findings, half);
        inForceInTime(demo, findings, "git revert of both", () -> revertTo(demo, sample));
        split(demo, findings, "… 10 % of " + CALLS + " calls go to v2", 0.1);
    }

    /** The repository's policy tests say that not everybody may write. */
    private static void gate(CheckedDemo demo, Findings findings)
            throws IOException, InterruptedException {
        String text = demo.repository().read(SECURITY);
        String open = text.replace("cluster.local/ns/blog/sa/blog-frontend", "*");
        String commit = demo.repository().commit(SECURITY, open, "Everybody may call the API");
        findings.that(
                "a commit that breaks a policy test is refused with test and deciding line",
                "WFT0701 in " + TESTS,
                () -> {
                    List<Refusal> refusals =
                            Deadline.in(PATIENCE)
                                    .await(() -> {
                                        List<Refusal> found = demo.policies().refusals(commit);
                                        return found.isEmpty() ? null : found;
                                    });
                    if (refusals == null) {
                        return Seen.failed("not refused");
                    }
                    Refusal error =
                            refusals.stream()
                                    .filter(Refusal::isError)
                                    .findFirst()
                                    .orElse(refusals.getFirst());
                    return Seen.of(
                            error.file().equals(TESTS) && error.message().contains(SECURITY),
                            error);
                });
        demo.repository().revertHead();
    }

    /** The broken commit first, then the one before it. */
    private static String revertTo(CheckedDemo demo, String sample) throws IOException {
        demo.repository().revertHead();
        String commit = demo.repository().revert("HEAD~2");
        if (!demo.repository().read(FILE).equals(sample)) {
            throw new IOException(FILE + ": not as it was after git revert");
        }
        return commit;
    }

    /** Makes a commit. */
    private interface Change {
        String commit() throws IOException;
    }

    private static void inForceInTime(
            CheckedDemo demo, Findings findings, String name, Change change)
            throws IOException, InterruptedException {
        String commit = change.commit();
        long start = System.nanoTime();
        boolean done = Deadline.in(PATIENCE).awaitTrue(() -> demo.allUpToDate(commit));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        findings.that(
                name + " is in force everywhere",
                "all " + demo.topology().proxies().size() + " proxies within 2 s",
                () ->
                        Seen.of(
                                done && took.compareTo(PROMISE) <= 0,
                                "%d proxies after %.2f s"
                                        .formatted(
                                                demo.policies().upToDate(commit),
                                                took.toMillis() / 1000.0)));
    }

    private static void split(CheckedDemo demo, Findings findings, String name, double share)
            throws InterruptedException {
        findings.that(
                name,
                Share.expected(CALLS, share),
                () -> {
                    VersionCount count =
                            VersionCount.of(
                                    demo.callers().curl(Topology.BLOG_API),
                                    CALLS,
                                    Callers.get(Callers.ARTICLES));
                    return Seen.of(
                            count.total() == CALLS && Share.plausible(count.v2(), CALLS, share),
                            count);
                });
    }

    private static void refuse(CheckedDemo demo, Findings findings, String half)
            throws InterruptedException {
        String before = demo.repository().head();
        String broken = half.replaceFirst("weight: 50", "weight: fifty");
        int line = (int) half.substring(0, half.indexOf("weight: 50")).lines().count();
        String commit = demo.repository().commit(FILE, broken, "A slip of the pen");
        findings.that(
                "a broken commit is refused with file and line",
                FILE + ":" + line,
                () -> {
                    List<Refusal> refusals =
                            Deadline.in(PATIENCE)
                                    .await(() -> {
                                        List<Refusal> found = demo.policies().refusals(commit);
                                        return found.isEmpty() ? null : found;
                                    });
                    if (refusals == null) {
                        return Seen.failed("not refused");
                    }
                    Refusal error =
                            refusals.stream()
                                    .filter(Refusal::isError)
                                    .findFirst()
                                    .orElse(refusals.getFirst());
                    return Seen.of(error.file().equals(FILE) && error.line() == line, error);
                });
        findings.that(
                "… and with the mend",
                "what to write instead",
                () -> {
                    String mend =
                            demo.policies().refusals(commit).stream()
                                    .filter(Refusal::isError)
                                    .map(Refusal::mend)
                                    .findFirst()
                                    .orElse("");
                    return Seen.of(!mend.isBlank(), mend);
                });
        findings.equal(
                "… the commit before stays in force",
                before,
                () -> demo.policies().commitInForce());
        split(demo, findings, "… the traffic is unchanged", 0.5);
    }
}
