package io.weft.blog.launcher.check;

import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Who calls: a browser before the gateway, or applications at their sidecars. */
final class Callers {

    static final String ARTICLES = "/api/v1/articles";
    static final String ECHO = "/api/v1/echo";
    static final String API_HOST = "blog-api:8080";

    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private final Topology topology;
    private final SSLContext browser;

    Callers(Topology topology, SSLContext browser) {
        this.topology = topology;
        this.browser = browser;
    }

    /** The gateway's HTTPS port, as a browser sees it that trusts the demo's authority. */
    Target gateway() {
        return Target.tls(topology.httpsPort(), browser, Topology.BLOG_HOST);
    }

    /** One request over HTTPS through the gateway. */
    HttpAnswer outside(String path) throws IOException {
        return outside(HttpQuestion.get(Topology.BLOG_HOST, path));
    }

    HttpAnswer outside(HttpQuestion question) throws IOException {
        return HttpConnection.once(gateway(), question, TIMEOUT);
    }

    /** A workload of the namespace that is neither front end nor gateway. */
    Target curl(String destination) {
        return Target.plain(topology.proxy("curl-0").upstream(destination));
    }

    /** What the front end's application has at its sidecar. */
    Target frontend(String destination) {
        return Target.plain(topology.proxy("blog-frontend-0").upstream(destination));
    }

    /** One request from the plain workload to blog-api. */
    HttpAnswer fromCurl(HttpQuestion question) throws IOException {
        return HttpConnection.once(curl(Topology.BLOG_API), question, TIMEOUT);
    }

    /** One request from the front end to blog-api. */
    HttpAnswer fromFrontend(HttpQuestion question) throws IOException {
        return HttpConnection.once(frontend(Topology.BLOG_API), question, TIMEOUT);
    }

    static HttpQuestion get(String path) {
        return HttpQuestion.get(API_HOST, path);
    }

    static HttpQuestion article(String method, String path, String title) {
        return HttpQuestion.json(
                method,
                API_HOST,
                path,
                "{\"title\":\"%s\",\"body\":\"Written by a check.\",\"author\":\"ada\",\"tags\":[\"check\"]}"
                        .formatted(title));
    }
}
