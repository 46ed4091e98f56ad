package io.weft.cli.control;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API of a running control plane, asked with a token or as anybody. Whatever goes wrong ends
 * the command with one line: {@link ExitCodes#BAD_DATA} when it says in words what it cannot
 * answer, {@link ExitCodes#UNAVAILABLE} when it is not reached or says nothing.
 */
public final class ControlPlane {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI url;
    private final String token;

    private ControlPlane(URI url, String token) {
        this.url = url;
        this.token = token;
    }

    /**
     * @param token empty to ask as anybody
     */
    static ControlPlane at(URI url, String token) {
        return new ControlPlane(url, token);
    }

    /** Its address. */
    public URI url() {
        return url;
    }

    /** The document of {@code /api/v1/status}. */
    public JsonNode status() {
        return get("/api/v1/status");
    }

    /** The document of {@code /api/v1/workloads}. */
    public JsonNode workloads() {
        return get("/api/v1/workloads");
    }

    /** What each instance of a workload shall have, by instance and resource key. */
    public JsonNode config(String namespace, String workload) {
        return get("/api/v1/config/" + encoded(namespace) + "/" + encoded(workload));
    }

    /** The graph of the last seconds. */
    public JsonNode graph(int seconds, String namespace) {
        return get("/api/v1/graph?seconds=" + seconds + "&namespace=" + encoded(namespace));
    }

    /** What came in at each workload, by {@code namespace/workload}. */
    public JsonNode loads(int seconds, String namespace) {
        return get("/api/v1/loads?seconds=" + seconds + "&namespace=" + encoded(namespace));
    }

    public JsonNode get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    public JsonNode delete(String path) {
        return send("DELETE", path, HttpRequest.BodyPublishers.noBody());
    }

    public JsonNode post(String path, Object body) {
        return send("POST", path, json(body));
    }

    /** Hands on the lines of JSON of an answer until it ends or the thread is interrupted. */
    public void follow(String path, Object body, Consumer<JsonNode> onLine) {
        HttpRequest request =
                request(path)
                        .header("accept", "application/x-ndjson")
                        .header("content-type", "application/json")
                        .POST(json(body))
                        .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<Stream<String>> response =
                    client.send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != 200) {
                    String told = lines.collect(Collectors.joining("\n"));
                    throw refused(request.uri(), response.statusCode(), told);
                }
                lines.filter(line -> !line.isBlank())
                        .forEach(line -> onLine.accept(JsonMapper.shared().readTree(line)));
            } finally {
                client.shutdownNow();
            }
        } catch (IOException | UncheckedIOException | JacksonException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw new CommandProblem(
                        ExitCodes.UNAVAILABLE, "control plane " + url + ": not reached, or gone");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For a part of a path or a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static HttpRequest.BodyPublisher json(Object body) {
        return HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body));
    }

    private HttpRequest.Builder request(String path) {
        try {
            HttpRequest.Builder asked = HttpRequest.newBuilder(url.resolve(path));
            return token.isEmpty() ? asked : asked.header("authorization", "Bearer " + token);
        } catch (IllegalArgumentException e) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "--control-plane: " + url + " (expected: a URL, as http://127.0.0.1:8080)");
        }
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest request =
                request(path)
                        .timeout(TIMEOUT)
                        .header("accept", "application/json")
                        .header("content-type", "application/json")
                        .method(method, body)
                        .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw refused(request.uri(), response.statusCode(), response.body());
            }
            return JsonMapper.shared().readTree(response.body());
        } catch (IOException e) {
            throw new CommandProblem(
                    ExitCodes.UNAVAILABLE,
                    "control plane "
                            + url
                            + ": not reached (expected: policy-service's API; start one with ./weft"
                            + " demo, or say --control-plane URL)");
        } catch (JacksonException e) {
            throw new CommandProblem(
                    ExitCodes.UNAVAILABLE, request.uri() + ": does not answer in JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandProblem(ExitCodes.UNAVAILABLE, "interrupted");
        }
    }

    /** What it cannot answer it says in words; anything else is a trouble of its own. */
    private static CommandProblem refused(URI asked, int status, String body) {
        String detail = detail(body);
        boolean told = status == 400 || status == 404 || status == 409;
        if (told && !detail.isEmpty()) {
            return new CommandProblem(ExitCodes.BAD_DATA, detail);
        }
        String expected = status == 401 ? "the operator's token" : "200";
        return new CommandProblem(
                ExitCodes.UNAVAILABLE,
                asked
                        + ": answered "
                        + status
                        + (detail.isEmpty() ? "" : ", " + detail)
                        + " (expected: "
                        + expected
                        + ")");
    }

    private static String detail(String body) {
        try {
            return JsonMapper.shared().readTree(body).path("detail").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }
}
