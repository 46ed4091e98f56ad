package io.weft.cli.control;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The administration port of a running proxy (15000 as a rule; on loopback only). */
public final class AdminPort {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI url;

    public AdminPort(URI url) {
        this.url = url;
    }

    /** A page in JSON, for example {@code /clusters}; ends the command when it cannot be had. */
    public JsonNode get(String path) {
        String text = text(path);
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw problem("answers " + path + " with no JSON");
        }
    }

    /** A page as it is. */
    public String text(String path) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(url.resolve(path)).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw problem("answered " + path + " with " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw problem("not reached");
        } catch (IllegalArgumentException e) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "--admin: " + url + " (expected: a URL, as http://127.0.0.1:15000)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problem("interrupted");
        }
    }

    private CommandProblem problem(String what) {
        return new CommandProblem(
                ExitCodes.UNAVAILABLE,
                "admin port "
                        + url
                        + ": "
                        + what
                        + " (expected: a proxy's, which listens on its own loopback only)");
    }
}
