package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.topology.Topology;

/** Item 11 with Consul: intentions, and the splitter over the resolver's subsets. */
final class ConsulCheck implements AcceptanceCheck {

    private static final int CALLS = 1000;

    @Override
    public int item() {
        return 11;
    }

    @Override
    public String title() {
        return "Consul";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        Callers callers = demo.callers();
        findings.that(
                "the splitter sends 10 % to the resolver's subset v2",
                Share.expected(CALLS, 0.1) + " of " + CALLS,
                () -> {
                    VersionCount count =
                            VersionCount.of(
                                    callers.frontend(Topology.BLOG_API),
                                    CALLS,
                                    Callers.get(Callers.ARTICLES));
                    return Seen.of(
                            count.total() == CALLS && Share.plausible(count.v2(), CALLS, 0.1),
                            count);
                });
        findings.equal(
                "intentions let the front end in",
                200,
                () -> callers.fromFrontend(Callers.get(Callers.ARTICLES)).status());
        findings.equal("… and the gateway", 200, () -> callers.outside(Callers.ARTICLES).status());
        findings.equal(
                "… and deny all others",
                403,
                () -> callers.fromCurl(Callers.get(Callers.ARTICLES)).status());
    }
}
