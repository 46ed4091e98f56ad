package io.weft.blog.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class BlogFrontendTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static FakeServices services;
    private static ConfigurableApplicationContext frontend;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        services = new FakeServices();
        frontend =
                start("--BLOG_API_URL=" + services.url(), "--USER_SERVICE_URL=" + services.url());
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        http.close();
        frontend.close();
        services.close();
    }

    @AfterEach
    void recover() {
        services.fail(0);
        services.received().clear();
    }

    private static ConfigurableApplicationContext start(String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--server.address=127.0.0.1",
                                "--blog.instance=front-1"));
        args.addAll(List.of(more));
        return BlogFrontendApplication.start(args.toArray(String[]::new));
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(frontend, "GET", path, "", headers);
    }

    private static HttpResponse<String> post(String path, String form, String... headers)
            throws Exception {
        return send(frontend, "POST", path, form, headers);
    }

    private static HttpResponse<String> send(
            ConfigurableApplicationContext to,
            String method,
            String path,
            String form,
            String... headers)
            throws Exception {
        int port = to.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .method(method, HttpRequest.BodyPublishers.ofString(form));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theListShowsTheArticlesEscapedAndWhoServedThem() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .startsWithIgnoringCase("<!doctype html>")
                .contains("<html lang=\"en\"")
                .contains("Warp &amp; &lt;b&gt;weft&lt;/b&gt;", "by Ada Okafor", "2026-03-02")
                .contains(">v1</strong>", "<code>api-7</code>", "<code>front-1</code>")
                .contains("rel=\"next\" href=\"/?page=1\"")
                .doesNotContain("<b>weft</b>", "rel=\"prev\"");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(services.last("GET").path()).isEqualTo("/api/v1/articles?page=0&size=10");
    }

    @Test
    void aReaderOfChineseGetsChinesePages() throws Exception {
        assertThat(get("/", "accept-language", "zh-CN,zh;q=0.9,en;q=0.5").body())
                .contains("<html lang=\"zh\"", "全部文章", "内容来自 blog-api");
        assertThat(get("/", "accept-language", "fr").body()).contains("All articles");
    }

    @Test
    void aTagThatNeedsEscapingArrivesAsItIs() throws Exception {
        assertThat(get("/?tag=%E8%8C%B6%26x").statusCode()).isEqualTo(200);
        assertThat(services.last("GET").path()).endsWith("&tag=%E8%8C%B6%26x");
    }

    @Test
    void anArticleHasAPageWithItsParagraphs() throws Exception {
        assertThat(get("/articles/a1").body()).contains("<p>First.</p>", "<p>Second.</p>");
        HttpResponse<String> missing = get("/articles/none");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("This page is not here");
    }

    @Test
    void whoWantsTheCanaryGetsItByHeaderOrByCookie() throws Exception {
        assertThat(get("/", "canary", "true").body()).contains("v2", "Shortly.", "3 min to read");
        HttpResponse<String> wish = post("/canary", "wanted=true");
        String cookie = wish.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
        assertThat(get("/", "cookie", cookie).body()).contains(">v2</strong>");
        assertThat(get("/").body()).contains(">v1</strong>");
    }

    @Test
    void writingPostsTheArticleAndShowsIt() throws Exception {
        HttpResponse<String> written =
                post("/write", "title=T&body=B&author=ada&tags=one%2C+two%EF%BC%8Cthree");
        assertThat(written.statusCode()).isEqualTo(302);
        assertThat(written.headers().firstValue("location").orElseThrow()).endsWith("/articles/a1");
        assertThat(services.last("POST").body())
                .contains("\"title\":\"T\"", "\"author\":\"ada\"", "[\"one\",\"two\",\"three\"]");
    }

    @Test
    void whatCannotBeSavedComesBackWithTheReasonsAndTheText() throws Exception {
        HttpResponse<String> refused = post("/write", "title=&body=kept+text");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("is missing", "kept text");
    }

    @Test
    void editingPutsTheArticle() throws Exception {
        assertThat(get("/articles/a1/edit").body())
                .contains(
                        "value=\"Warp &amp; &lt;b&gt;weft&lt;/b&gt;\"",
                        "action=\"/articles/a1/edit\"");
        assertThat(post("/articles/a1/edit", "title=T&body=B").statusCode()).isEqualTo(302);
        assertThat(services.last("PUT").path()).isEqualTo("/api/v1/articles/a1");
        assertThat(post("/articles/a1/delete", "").statusCode()).isEqualTo(302);
        assertThat(services.last("DELETE").path()).isEqualTo("/api/v1/articles/a1");
    }

    @Test
    void aFormSentFromAnotherSiteIsRefused() throws Exception {
        HttpResponse<String> forged =
                post("/articles/a1/delete", "", "sec-fetch-site", "cross-site");
        assertThat(forged.statusCode()).isEqualTo(403);
        assertThat(services.received()).isEmpty();
    }

    @Test
    void thePeopleAreShownWithTheirRoles() throws Exception {
        assertThat(get("/users").body()).contains("林梅", "<code>lin-mei</code>", "Author");
    }

    @Test
    void whileTheApiFailsAFriendlyPageSaysSoWithoutInnerDetails() throws Exception {
        services.fail(500);
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.body())
                .contains("taking a rest", "<code>front-1</code>")
                .doesNotContain("Exception", "java.lang", "Boom");
        services.fail(403);
        HttpResponse<String> refused = post("/articles/a1/edit", "title=T&body=B");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("You may not do this");
    }

    @Test
    void whileTheApiCannotBeReachedThePageIsA503AndTheProbesHold() throws Exception {
        try (var alone = start("--BLOG_API_URL=http://127.0.0.1:" + closedPort())) {
            HttpResponse<String> page = send(alone, "GET", "/", "");
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.body()).contains("taking a rest").doesNotContain("Exception");
            assertThat(send(alone, "GET", "/actuator/health/readiness", "").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void thePagesTraceAndRequestIdGoOnToTheApi() throws Exception {
        get(
                "/",
                "traceparent",
                "00-" + TRACE + "-00f067aa0ba902b7-01",
                "x-request-id",
                "request-7");
        var asked = services.last("GET");
        assertThat(asked.header("traceparent"))
                .startsWith("00-" + TRACE + "-")
                .doesNotContain("00f067aa0ba902b7");
        assertThat(asked.header("x-b3-traceid")).isEqualTo(TRACE);
        assertThat(asked.header("x-request-id")).isEqualTo("request-7");
        assertThat(asked.header("upgrade")).isEmpty();
    }

    @Test
    void anInstanceCanGoThroughAProxyOfItsOwn() throws Exception {
        try (var proxied =
                start(
                        "--BLOG_API_URL=http://blog-api:8080",
                        "--blog.http-proxy=" + services.url())) {
            assertThat(send(proxied, "GET", "/", "").statusCode()).isEqualTo(200);
            assertThat(services.last("GET").path())
                    .isEqualTo("http://blog-api:8080/api/v1/articles?page=0&size=10");
        }
    }

    @Test
    void theStyleSheetIsServedAndWhatIsUnknownIsAFriendly404() throws Exception {
        HttpResponse<String> style = get("/css/blog.css");
        assertThat(style.statusCode()).isEqualTo(200);
        assertThat(style.headers().firstValue("cache-control").orElseThrow()).contains("max-age");
        HttpResponse<String> nowhere = get("/nowhere", "accept", "text/html");
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(nowhere.body())
                .startsWithIgnoringCase("<!doctype html>")
                .contains("404")
                .doesNotContain("Whitelabel", "Exception");
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
