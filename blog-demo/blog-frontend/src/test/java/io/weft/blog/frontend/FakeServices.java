package io.weft.blog.frontend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small server that plays blog-api and user-service, and remembers what it was asked. */
final class FakeServices implements AutoCloseable {

    record Received(String method, String path, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }
    }

    private static final String ARTICLE =
            """
            {"id":"a1","title":"Warp & <b>weft</b>","body":"First.\\n\\nSecond.",
             "author":{"id":"ada","name":"Ada Okafor"},"tags":["weaving"],
             "createdAt":"2026-03-02T08:30:00Z","updatedAt":"2026-03-02T08:30:00Z"%s}
            """;

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile int failure;

    FakeServices() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> received() {
        return received;
    }

    Received last(String method) {
        return received.stream()
                .filter(request -> request.method().equals(method))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** Every request is answered with this status until it is set to 0. */
    void fail(int status) {
        failure = status;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        received.add(
                new Received(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        Map.copyOf(exchange.getRequestHeaders()),
                        body));
        boolean v2 = "true".equals(exchange.getRequestHeaders().getFirst("canary"));
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.getResponseHeaders().set("x-blog-version", v2 ? "v2" : "v1");
        exchange.getResponseHeaders().set("x-blog-instance", "api-7");
        if (failure != 0) {
            answer(exchange, failure, "{\"detail\":\"java.lang.Boom at Boom.java:1\"}");
            return;
        }
        String article =
                ARTICLE.formatted(v2 ? ",\"excerpt\":\"Shortly.\",\"readingMinutes\":3" : "");
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/api/users/" ->
                    answer(
                            exchange,
                            200,
                            "[{\"id\":\"lin-mei\",\"displayName\":\"林梅\",\"role\":\"author\",\"bio\":\"茶\"}]");
            case "/api/v1/articles" -> articles(exchange, body, article);
            case "/api/v1/articles/a1" ->
                    answer(
                            exchange,
                            exchange.getRequestMethod().equals("DELETE") ? 204 : 200,
                            article);
            default -> answer(exchange, 404, "{}");
        }
    }

    private static void articles(HttpExchange exchange, String body, String article)
            throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            answer(
                    exchange,
                    200,
                    "{\"items\":[" + article + "],\"page\":0,\"size\":10,\"total\":11}");
        } else if (body.contains("\"title\":\"\"")) {
            answer(
                    exchange,
                    400,
                    "{\"errors\":[{\"field\":\"title\",\"message\":\"is missing\"}]}");
        } else {
            answer(exchange, 201, article);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
        if (status != 204) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
