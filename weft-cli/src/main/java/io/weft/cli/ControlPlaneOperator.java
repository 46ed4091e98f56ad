package io.weft.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running control plane for what only an operator may. */
final class ControlPlaneOperator {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI url;
    private final String token;

    private ControlPlaneOperator(URI url, String token) {
        this.url = url;
        this.token = token;
    }

    /**
     * @param token in the clear; empty to take it from the file
     * @param file that holds it
     */
    static ControlPlaneOperator at(URI url, String token, Path file) {
        if (!token.isEmpty()) {
            return new ControlPlaneOperator(url, token);
        }
        try {
            return new ControlPlaneOperator(url, Files.readString(file).strip());
        } catch (IOException e) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    "operator token: "
                            + file
                            + " cannot be read (expected: STATE/operator-token of policy-service by"
                            + " --operator-token-file, or $WEFT_OPERATOR_TOKEN)");
        }
    }

    JsonNode get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    JsonNode delete(String path) {
        return send("DELETE", path, HttpRequest.BodyPublishers.noBody());
    }

    JsonNode post(String path, Object body) {
        return send(
                "POST",
                path,
                HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
    }

    /** Hands on the lines of JSON of an answer until it ends. */
    void follow(String path, Object body, Consumer<JsonNode> onLine) {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve(path))
                        .header("authorization", "Bearer " + token)
                        .header("accept", "application/x-ndjson")
                        .header("content-type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        JsonMapper.shared().writeValueAsString(body)))
                        .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<Stream<String>> response =
                    client.send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != 200) {
                    String told = lines.collect(Collectors.joining("\n"));
                    throw new CommandProblem(
                            response.statusCode() == 400
                                    ? ExitCodes.BAD_DATA
                                    : ExitCodes.UNAVAILABLE,
                            reason(url.resolve(path), response.statusCode(), told));
                }
                lines.filter(line -> !line.isBlank())
                        .forEach(line -> onLine.accept(JsonMapper.shared().readTree(line)));
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new CommandProblem(
                    ExitCodes.UNAVAILABLE, "control plane " + url + ": not reached, or gone");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(TIMEOUT)
                        .header("authorization", "Bearer " + token)
                        .header("accept", "application/json")
                        .header("content-type", "application/json")
                        .method(method, body)
                        .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new CommandProblem(
                        response.statusCode() == 409 ? ExitCodes.BAD_DATA : ExitCodes.UNAVAILABLE,
                        reason(url.resolve(path), response.statusCode(), response.body()));
            }
            return JsonMapper.shared().readTree(response.body());
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandProblem(
                    ExitCodes.UNAVAILABLE,
                    "control plane "
                            + url
                            + ": not reached (expected: policy-service's API, by --control-plane)");
        } catch (JacksonException e) {
            throw new CommandProblem(
                    ExitCodes.UNAVAILABLE, url.resolve(path) + ": does not answer in JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandProblem(ExitCodes.UNAVAILABLE, "interrupted");
        }
    }

    private static String reason(URI asked, int status, String body) {
        try {
            String detail = JsonMapper.shared().readTree(body).path("detail").asString("");
            if (!detail.isEmpty()) {
                return detail;
            }
        } catch (JacksonException e) {
            // The status alone must tell.
        }
        return asked
                + ": answered "
                + status
                + (status == 401 ? " (expected: the operator's token)" : "");
    }
}
