package io.weft.blog.launcher.check;

import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.topology.Topology;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Item 1: the gateway redirects to https and shows the certificate of {@code blog-tls-secret}. */
final class EdgeCheck implements AcceptanceCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public int item() {
        return 1;
    }

    @Override
    public String title() {
        return "the gateway's edge";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        HttpAnswer plain =
                HttpConnection.once(
                        Target.plain(demo.topology().httpPort()),
                        HttpQuestion.get(Topology.BLOG_HOST, "/"),
                        TIMEOUT);
        findings.equal("http://blog.example.com/ redirects", 301, plain::status);
        findings.equal(
                "… to https",
                "https://blog.example.com/",
                () -> plain.header("location").orElse("no location"));
        HttpAnswer page = demo.callers().outside("/");
        findings.that(
                "https://blog.example.com/ serves the front end",
                "200 text/html",
                () ->
                        Seen.of(
                                page.status() == 200
                                        && page.header("content-type")
                                                .orElse("")
                                                .startsWith("text/html"),
                                page.status()
                                        + " "
                                        + page.header("content-type").orElse("no type")));
        try (HttpConnection connection = HttpConnection.open(demo.callers().gateway(), TIMEOUT)) {
            X509Certificate shown = Objects.requireNonNull(connection.serverCertificate());
            findings.that(
                    "… with the certificate of blog-tls-secret",
                    "blog.example.com, signed by the demo's authority",
                    () -> {
                        shown.verify(demo.webRoot().getPublicKey());
                        List<String> names =
                                shown.getSubjectAlternativeNames().stream()
                                        .map(name -> String.valueOf(name.get(1)))
                                        .toList();
                        return Seen.of(
                                names.contains(Topology.BLOG_HOST)
                                        && shown.equals(demo.webCertificate()),
                                String.join(", ", names) + ", serial " + shown.getSerialNumber());
                    });
        }
    }
}
