package io.weft.blog.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class StaticFilesTest {

    private static ConfigurableApplicationContext application;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        application = StaticFilesApplication.start("--server.port=0", "--server.address=127.0.0.1");
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        http.close();
        application.close();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        int port =
                application
                        .getEnvironment()
                        .getRequiredProperty("local.server.port", Integer.class);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesAFileThatMayBeKeptForAnHour() throws Exception {
        HttpResponse<String> logo = get("/static/images/logo.svg");
        assertThat(logo.statusCode()).isEqualTo(200);
        assertThat(logo.headers().firstValue("content-type")).hasValue("image/svg+xml");
        assertThat(logo.headers().firstValue("cache-control")).hasValue("max-age=3600, public");
        assertThat(logo.body()).startsWith("<svg");
        assertThat(get("/static/css/theme.css").headers().firstValue("content-type").orElseThrow())
                .startsWith("text/css");
    }

    @Test
    void aFileThatTheCallerHasIsNotSentAgain() throws Exception {
        String etag = get("/static/css/theme.css").headers().firstValue("etag").orElseThrow();
        HttpResponse<String> again = get("/static/css/theme.css", "if-none-match", etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("/static/css/theme.css", "if-none-match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void sendsTheRangeThatIsAskedFor() throws Exception {
        HttpResponse<String> part = get("/static/images/logo.svg", "range", "bytes=0-3");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("<svg");
        assertThat(part.headers().firstValue("content-range").orElseThrow())
                .startsWith("bytes 0-3/");
        assertThat(get("/static/images/logo.svg", "range", "bytes=999999-").statusCode())
                .isEqualTo(416);
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(get("/static/none.css").statusCode()).isEqualTo(404);
        assertThat(get("/static/..%2Fstatic-files.yaml").statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(get("/static-files.yaml").statusCode()).isEqualTo(404);
    }

    @Test
    void answersTheProbes() throws Exception {
        assertThat(get("/actuator/health/liveness").body()).contains("UP");
        assertThat(get("/actuator/health/readiness").body()).contains("UP");
    }
}
