package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.topology.Topology;

/** Item 3: the canary by header, and by weight. */
final class CanaryCheck implements AcceptanceCheck {

    private static final int HEADER_CALLS = 50;
    private static final int WEIGHTED_CALLS = 1000;
    private static final double SHARE = 0.1;

    @Override
    public int item() {
        return 3;
    }

    @Override
    public String title() {
        return "the canary";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        findings.that(
                "header canary: true goes to v2 always",
                HEADER_CALLS + " of " + HEADER_CALLS,
                () -> {
                    VersionCount count =
                            VersionCount.of(
                                    demo.callers().curl(Topology.BLOG_API),
                                    HEADER_CALLS,
                                    Callers.get(Callers.ARTICLES).with("canary", "true"));
                    return Seen.of(count.v2() == HEADER_CALLS, count);
                });
        findings.that(
                WEIGHTED_CALLS + " other calls split 90/10",
                Share.expected(WEIGHTED_CALLS, SHARE) + " to v2",
                () -> {
                    VersionCount count =
                            VersionCount.of(
                                    demo.callers().curl(Topology.BLOG_API),
                                    WEIGHTED_CALLS,
                                    Callers.get(Callers.ARTICLES));
                    return Seen.of(
                            count.total() == WEIGHTED_CALLS
                                    && Share.plausible(count.v2(), WEIGHTED_CALLS, SHARE),
                            count);
                });
    }
}
