package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.pki.DemoCertificates;
import io.weft.blog.launcher.pki.TlsClients;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Item 5: who is let in at a STRICT port, and what the application hears of its peer. */
final class IdentityCheck implements AcceptanceCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String XFCC = "x-forwarded-client-cert";
    private static final String FORGED = "spiffe://cluster.local/ns/istio-system/sa/forged";

    @Override
    public int item() {
        return 5;
    }

    @Override
    public String title() {
        return "mutual TLS and identity";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        int port = demo.topology().proxy("blog-api-v1-0").port(8080).meshPort();
        HttpQuestion get = Callers.get(Callers.ARTICLES);
        refused(findings, "plain text to a STRICT port", Target.plain(port), get);
        refused(
                findings,
                "TLS without a certificate",
                Target.tls(port, TlsClients.anonymous(), null),
                get);
        refused(
                findings,
                "a certificate of another trust domain",
                intruder(port, "spiffe://evil.example/ns/blog/sa/blog-frontend"),
                get);
        refused(
                findings,
                "another authority's certificate for our own",
                intruder(port, "spiffe://cluster.local/ns/blog/sa/blog-frontend"),
                get);
        arrives(demo, findings);
    }

    private static Target intruder(int port, String spiffeId) {
        DemoCertificates authority = DemoCertificates.create("intruder", Instant.now());
        DemoCertificates.Leaf leaf = authority.workload(spiffeId, Instant.now());
        return Target.tls(
                port,
                TlsClients.showing(leaf.keys().getPrivate(), leaf.certificate(), authority.root()),
                null);
    }

    private static void refused(
            Findings findings, String name, Target target, HttpQuestion question)
            throws InterruptedException {
        findings.that(
                name + " is refused",
                "no answer",
                () -> {
                    try {
                        HttpAnswer answer = HttpConnection.once(target, question, TIMEOUT);
                        return Seen.failed("answered " + answer.status());
                    } catch (java.net.SocketTimeoutException e) {
                        return Seen.failed("neither answered nor closed");
                    } catch (IOException e) {
                        return Seen.of(true, "closed: " + e.getMessage());
                    }
                });
    }

    private static void arrives(CheckedDemo demo, Findings findings) throws Exception {
        HttpQuestion forged = Callers.get(Callers.ECHO).with(XFCC, "By=spiffe://x;URI=" + FORGED);
        List<String> behindSidecar = xfcc(demo.callers().fromFrontend(forged));
        findings.that(
                "the peer's SPIFFE ID arrives in " + XFCC,
                "URI=spiffe://cluster.local/ns/blog/sa/blog-frontend",
                () ->
                        Seen.of(
                                String.join(",", behindSidecar)
                                        .contains(
                                                "URI=spiffe://cluster.local/ns/blog/sa/blog-frontend"),
                                String.join(",", behindSidecar)));
        findings.that(
                "one forged by the application does not",
                "not " + FORGED,
                () ->
                        Seen.of(
                                !String.join(",", behindSidecar).contains(FORGED),
                                String.join(",", behindSidecar)));
        MeshPeer peer = MeshPeer.as(demo, demo.topology().proxy("blog-frontend-0"));
        List<String> straight =
                xfcc(
                        peer.ask(
                                demo.topology().proxy("blog-api-v1-0").port(8080).meshPort(),
                                forged));
        findings.that(
                "one forged by a mesh peer itself is not the last word",
                "the last element names blog-frontend",
                () -> {
                    // As in Envoy, a sidecar appends what the certificate says to what a proxy
                    // sent.
                    String all = String.join(",", straight);
                    String last = all.substring(all.lastIndexOf("By="));
                    return Seen.of(last.endsWith("/sa/blog-frontend"), all);
                });
        List<String> edge =
                xfcc(
                        demo.callers()
                                .outside(
                                        HttpQuestion.get("blog.example.com", Callers.ECHO)
                                                .with(XFCC, "By=spiffe://x;URI=" + FORGED)));
        findings.that(
                "one forged outside does not pass the gateway",
                "the gateway's, not " + FORGED,
                () -> {
                    String all = String.join(",", edge);
                    return Seen.of(
                            !all.contains(FORGED)
                                    && all.contains(
                                            "/sa/" + demo.topology().gateway().serviceAccount()),
                            all);
                });
    }

    private static List<String> xfcc(HttpAnswer echo) throws IOException {
        if (echo.status() != 200) {
            throw new IOException("echo: " + echo.status() + " " + echo.body());
        }
        List<String> values = new ArrayList<>();
        for (JsonNode header : JsonMapper.shared().readTree(echo.body()).path("headers")) {
            if (header.get(0).asString().equalsIgnoreCase(XFCC)) {
                values.add(header.get(1).asString());
            }
        }
        return values;
    }
}
