package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.topology.Topology;

/** Item 11 with SMI: the split, and who is let in where. */
final class SmiCheck implements AcceptanceCheck {

    private static final int CALLS = 1000;

    @Override
    public int item() {
        return 11;
    }

    @Override
    public String title() {
        return "SMI";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        Callers callers = demo.callers();
        findings.that(
                "TrafficSplit: " + CALLS + " calls split 90/10",
                Share.expected(CALLS, 0.1) + " to blog-api-v2",
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
                "TrafficTarget lets the front end in: GET the articles",
                200,
                () -> callers.fromFrontend(Callers.get(Callers.ARTICLES)).status());
        findings.equal(
                "… and POST",
                201,
                () ->
                        callers.fromFrontend(Callers.article("POST", Callers.ARTICLES, "By SMI"))
                                .status());
        findings.equal(
                "… but no method that is not listed: PUT",
                403,
                () ->
                        callers.fromFrontend(
                                        Callers.article(
                                                "PUT",
                                                Callers.ARTICLES + "/warp-and-weft",
                                                "By SMI"))
                                .status());
        findings.equal(
                "… and no route that is not listed",
                403,
                () -> callers.fromFrontend(Callers.get(Callers.ECHO)).status());
        findings.equal(
                "… the gateway as well: GET the articles",
                200,
                () -> callers.outside(Callers.ARTICLES).status());
        findings.equal(
                "… and nobody else: GET the articles",
                403,
                () -> callers.fromCurl(Callers.get(Callers.ARTICLES)).status());
    }
}
