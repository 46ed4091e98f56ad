package io.weft.blog.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BlogApiTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static FakeUserService users;
    private static EmbeddedMongo mongo;
    private static RunningApi v1;
    private static RunningApi v2;

    @BeforeAll
    static void startBothVersionsInOneJvmOverOneDatabase() throws Exception {
        users = new FakeUserService();
        mongo = EmbeddedMongo.start();
        v1 = start("v1", "--blog.faults.enabled=true", "--blog.instance=first");
        v2 = start("v2", "--blog.user-service.deadline=300ms");
    }

    @AfterAll
    static void stop() throws Exception {
        v2.close();
        v1.close();
        mongo.close();
        users.close();
    }

    private static RunningApi start(String version, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--blog.version=" + version,
                                "--DATABASE_URL=" + mongo.url(),
                                "--USER_SERVICE_URL=" + users.url()));
        args.addAll(List.of(more));
        return new RunningApi(args.toArray(String[]::new));
    }

    @Test
    void listsThePageOfATagWithTheNamesOfTheAuthors() throws Exception {
        HttpResponse<String> answer = v1.get("/api/v1/articles?tag=%E8%8C%B6&page=0&size=1");
        JsonNode page = v1.json(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(page.at("/total").asInt()).isEqualTo(1);
        assertThat(page.at("/items/0/id").asString()).isEqualTo("first-flush");
        assertThat(page.at("/items/0/author/name").asString()).isEqualTo("林梅");
    }

    @Test
    void pagesFollowEachOtherFromTheNewestToTheOldest() throws Exception {
        JsonNode first = v1.json(v1.get("/api/v1/articles?tag=networks&size=1"));
        JsonNode second = v1.json(v1.get("/api/v1/articles?tag=networks&size=1&page=1"));
        assertThat(first.at("/total").asInt()).isEqualTo(2);
        assertThat(first.at("/items/0/id").asString()).isEqualTo("small-releases");
        assertThat(second.at("/items/0/id").asString()).isEqualTo("warp-and-weft");
        assertThat(v1.get("/api/v1/articles?size=101").statusCode()).isEqualTo(400);
    }

    @Test
    void anArticleIsWrittenReadChangedAndDeleted() throws Exception {
        HttpResponse<String> created =
                v1.send(
                        "POST",
                        "/api/v1/articles",
                        "{\"title\":\" New \",\"body\":\"Text\",\"author\":\"ada\",\"tags\":[\"x\"]}");
        assertThat(created.statusCode()).isEqualTo(201);
        String location = created.headers().firstValue("location").orElseThrow();
        assertThat(location).startsWith("/api/v1/articles/");
        assertThat(v1.json(created).at("/title").asString()).isEqualTo("New");
        assertThat(v1.json(created).at("/author/name").asString()).isEqualTo("Ada Okafor");

        HttpResponse<String> changed =
                v2.send("PUT", location, "{\"title\":\"Newer\",\"body\":\"Text\"}");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(v2.json(changed).at("/tags/0").asString()).isEqualTo("x");
        assertThat(v1.json(v1.get(location)).at("/title").asString()).isEqualTo("Newer");

        assertThat(v1.send("DELETE", location, null).statusCode()).isEqualTo(204);
        assertThat(v1.get(location).statusCode()).isEqualTo(404);
        assertThat(v1.send("DELETE", location, null).statusCode()).isEqualTo(404);
        assertThat(v1.send("PUT", location, "{\"title\":\"a\",\"body\":\"b\"}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void anInvalidArticleIsRefusedWithEverythingThatIsWrong() throws Exception {
        HttpResponse<String> refused =
                v1.send("POST", "/api/v1/articles", "{\"title\":\"\",\"author\":\"Not An Id\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
        assertThat(v1.json(refused).at("/errors").findValuesAsString("field"))
                .containsExactly("title", "body", "author");

        HttpResponse<String> broken = v1.send("POST", "/api/v1/articles", "{");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
    }

    @Test
    void whatIsNotThereIsA404WithAProblem() throws Exception {
        HttpResponse<String> missing = v1.get("/api/v1/articles/none");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(v1.json(missing).at("/detail").asString()).contains("none");
        assertThat(v1.get("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void theTwoVersionsDifferAndEveryAnswerTellsWhichItIs() throws Exception {
        HttpResponse<String> old = v1.get("/api/v1/articles/warp-and-weft");
        assertThat(old.headers().firstValue("x-blog-version")).hasValue("v1");
        assertThat(old.headers().firstValue("x-blog-instance")).hasValue("first");
        assertThat(v1.json(old).propertyNames()).doesNotContain("apiVersion", "excerpt");

        HttpResponse<String> canary = v2.get("/api/v1/articles/warp-and-weft");
        assertThat(canary.headers().firstValue("x-blog-version")).hasValue("v2");
        assertThat(v2.json(canary).at("/apiVersion").asString()).isEqualTo("v2");
        assertThat(v2.json(canary).at("/excerpt").asString()).startsWith("On a loom").endsWith("…");
        assertThat(v2.json(canary).at("/readingMinutes").asInt()).isEqualTo(1);
    }

    @Test
    void theCallersTraceAndRequestIdGoOnToTheUserService() throws Exception {
        users.received().clear();
        v1.get(
                "/api/v1/articles/warp-and-weft",
                "traceparent",
                "00-" + TRACE + "-00f067aa0ba902b7-01",
                "x-request-id",
                "request-7");
        Metadata asked = users.received().getLast();
        assertThat(header(asked, "traceparent"))
                .startsWith("00-" + TRACE + "-")
                .doesNotContain("00f067aa0ba902b7")
                .endsWith("-01");
        assertThat(header(asked, "x-b3-traceid")).isEqualTo(TRACE);
        assertThat(header(asked, "x-request-id")).isEqualTo("request-7");
        assertThat(header(asked, "grpc-timeout")).isNotBlank();
    }

    @Test
    void aTraceThatComesInB3Goes0nToo() throws Exception {
        users.received().clear();
        v1.get(
                "/api/v1/articles/warp-and-weft",
                "x-b3-traceid",
                TRACE,
                "x-b3-spanid",
                "00f067aa0ba902b7",
                "x-b3-sampled",
                "1");
        assertThat(header(users.received().getLast(), "traceparent")).contains(TRACE);
    }

    private static String header(Metadata headers, String name) {
        return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @Test
    void anAuthorWhomTheUserServiceDoesNotTellInTimeGoesByTheId() throws Exception {
        for (String author : List.of("nobody", "silent")) {
            HttpResponse<String> created =
                    v2.send(
                            "POST",
                            "/api/v1/articles",
                            "{\"title\":\"t\",\"body\":\"b\",\"author\":\"" + author + "\"}");
            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(v2.json(created).at("/author/name").asString()).isEqualTo(author);
            v2.send("DELETE", created.headers().firstValue("location").orElseThrow(), null);
        }
    }

    @Test
    void echoTellsTheRequestLineTheHeadersInTheirOrderAndTheBody() throws Exception {
        HttpResponse<String> answer =
                v1.send("PATCH", "/api/v1/echo/a%2Fb?x=1&x=2", "hello", "x-two", "b", "x-two", "a");
        JsonNode echo = v1.json(answer);
        assertThat(echo.at("/method").asString()).isEqualTo("PATCH");
        assertThat(echo.at("/path").asString()).isEqualTo("/api/v1/echo/a%2Fb?x=1&x=2");
        assertThat(echo.at("/protocol").asString()).isEqualTo("HTTP/1.1");
        assertThat(echo.at("/body").asString()).isEqualTo("hello");
        List<String> values = new ArrayList<>();
        for (JsonNode header : echo.at("/headers")) {
            if (header.get(0).asString().equals("x-two")) {
                values.add(header.get(1).asString());
            }
        }
        assertThat(values).containsExactly("b", "a");
    }

    @Test
    void plannedFaultsHitTheNextRequestsOfTheirPathAndAreCounted() throws Exception {
        v1.send("DELETE", "/demo/requests", null);
        v1.send(
                "POST",
                "/demo/faults",
                "{\"times\":2,\"status\":503,\"delayMillis\":0,\"path\":\"/api/v1/echo\"}");
        assertThat(v1.get("/api/v1/articles/warp-and-weft").statusCode()).isEqualTo(200);
        HttpResponse<String> failed = v1.get("/api/v1/echo");
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.headers().firstValue("x-blog-version")).hasValue("v1");
        assertThat(v1.get("/api/v1/echo").statusCode()).isEqualTo(503);
        assertThat(v1.get("/api/v1/echo").statusCode()).isEqualTo(200);
        JsonNode counts = v1.json(v1.get("/demo/requests"));
        assertThat(counts.path("/api/v1/echo").asInt()).isEqualTo(3);
        assertThat(counts.path("/api/v1").asInt()).isEqualTo(4);
        assertThat(v1.send("POST", "/demo/faults", "{\"times\":0}").statusCode()).isEqualTo(400);
    }

    @Test
    void faultsCannotBePlannedUnlessTheyAreEnabled() throws Exception {
        assertThat(v2.send("POST", "/demo/faults", "{}").statusCode()).isEqualTo(404);
        assertThat(v2.get("/demo/requests").statusCode()).isEqualTo(404);
    }

    @Test
    void theLiveSocketSendsBackEachFrameAndTellsOfNewArticles() throws Exception {
        var listener = new Frames();
        WebSocket socket =
                v1.http()
                        .newWebSocketBuilder()
                        .buildAsync(
                                URI.create("ws://127.0.0.1:" + v1.port() + "/api/v1/live"),
                                listener)
                        .get(5, TimeUnit.SECONDS);
        socket.sendText("héllo", true).get(5, TimeUnit.SECONDS);
        assertThat(listener.next()).isEqualTo("text héllo");
        socket.sendBinary(ByteBuffer.wrap("bytes".getBytes(StandardCharsets.UTF_8)), true)
                .get(5, TimeUnit.SECONDS);
        assertThat(listener.next()).isEqualTo("binary bytes");

        HttpResponse<String> created =
                v1.send("POST", "/api/v1/articles", "{\"title\":\"Fresh\",\"body\":\"b\"}");
        assertThat(listener.next())
                .startsWith("text {")
                .contains("article-created", "Fresh", v1.json(created).at("/id").asString());
        v1.send("DELETE", created.headers().firstValue("location").orElseThrow(), null);

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
        assertThat(listener.next()).isEqualTo("close 1000");
    }

    @Test
    void anInstanceThatStopsEndsItsSocketsAndLeavesTheOthersAlone() throws Exception {
        var listener = new Frames();
        RunningApi other = start("v2");
        other.http()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + other.port() + "/api/v1/live"), listener)
                .get(5, TimeUnit.SECONDS);
        other.close();
        assertThat(listener.next()).isEqualTo("close 1001");
        assertThat(v1.get("/api/v1/articles/warp-and-weft").statusCode()).isEqualTo(200);
    }

    @Test
    void answersTheProbes() throws Exception {
        for (String probe : List.of("liveness", "readiness")) {
            assertThat(v1.get("/actuator/health/" + probe).body()).contains("UP");
        }
    }

    /** What a WebSocket received, frame by frame. */
    private static final class Frames implements WebSocket.Listener {

        private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return frames.poll(5, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            frames.add("text " + data);
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            frames.add("binary " + StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            frames.add("close " + status);
            return null;
        }
    }
}
