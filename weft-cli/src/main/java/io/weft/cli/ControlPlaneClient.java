package io.weft.cli;

import io.weft.compiler.diagnostic.Level;
import io.weft.model.WorkloadId;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running control plane. */
final class ControlPlaneClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI url;

    ControlPlaneClient(URI url) {
        this.url = url;
    }

    /** The document of {@code /api/v1/status}. */
    JsonNode status() {
        return get("/api/v1/status");
    }

    /** The document of {@code /api/v1/workloads}. */
    JsonNode workloads() {
        return get("/api/v1/workloads");
    }

    /** What each instance of a workload shall have, by instance and resource key. */
    JsonNode config(String namespace, String workload) {
        return get("/api/v1/config/" + namespace + "/" + workload);
    }

    /** The graph of the last seconds. */
    JsonNode graph(int seconds, String namespace) {
        return get("/api/v1/graph?seconds=" + seconds + "&namespace=" + encoded(namespace));
    }

    /** What came in at each workload, by {@code namespace/workload}. */
    JsonNode loads(int seconds, String namespace) {
        return get("/api/v1/loads?seconds=" + seconds + "&namespace=" + encoded(namespace));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Its address. */
    String address() {
        return url.toString();
    }

    /** The answer of {@code POST /api/v1/explain}. */
    JsonNode explain(JsonNode question) {
        return send(
                request("/api/v1/explain")
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(question.toString()))
                        .build());
    }

    /** The principal of a registered workload, empty when there is none. */
    String identity(WorkloadId workload) {
        for (JsonNode each : workloads()) {
            if (each.path("namespace").asString("").equals(workload.namespace())
                    && each.path("workload").asString("").equals(workload.name())) {
                return each.path("identity").asString("").replaceFirst("^spiffe://", "");
            }
        }
        return "";
    }

    /**
     * What it has to say of its policies: of the refused commit when the newest one was refused.
     */
    List<Finding> diagnostics() {
        JsonNode both = get("/api/v1/diagnostics");
        JsonNode refused = both.path("refused");
        List<Finding> found = new ArrayList<>();
        for (JsonNode each : refused.isEmpty() ? both.path("inForce") : refused) {
            found.add(finding(each));
        }
        return found;
    }

    private static Finding finding(JsonNode each) {
        String kind = each.path("kind").asString("");
        String namespace = each.path("namespace").asString("");
        String name = each.path("name").asString("");
        int line = each.path("line").asInt(0);
        String field = each.path("field").asString("");
        String mend = each.path("mend").asString("");
        return new Finding(
                each.path("code").asString(""),
                Level.valueOf(each.path("level").asString("INFO").toUpperCase(Locale.ROOT)),
                kind,
                namespace,
                name,
                kind.isEmpty()
                        ? ""
                        : kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name,
                each.path("file").asString("")
                        + (line > 0 ? ":" + line : "")
                        + (line > 0 && kind.isEmpty() ? ":" + each.path("column").asInt(1) : ""),
                (field.isEmpty() ? "" : field + ": ")
                        + each.path("message").asString("")
                        + (mend.isEmpty() ? "" : " (mend: " + mend + ")"),
                false);
    }

    private JsonNode get(String path) {
        return send(request(path).build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(TIMEOUT)
                        .header("accept", "application/json");
        String token = System.getenv("WEFT_OPERATOR_TOKEN");
        return token == null || token.isEmpty()
                ? asked
                : asked.header("authorization", "Bearer " + token);
    }

    private JsonNode send(HttpRequest request) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw refused(request.uri(), response);
            }
            return JsonMapper.shared().readTree(response.body());
        } catch (IOException | IllegalArgumentException e) {
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
    private static CommandProblem refused(URI uri, HttpResponse<String> response) {
        if (response.statusCode() == 400 || response.statusCode() == 404) {
            String detail = detail(response.body());
            if (!detail.isEmpty()) {
                return new CommandProblem(ExitCodes.BAD_DATA, detail);
            }
        }
        return new CommandProblem(
                ExitCodes.UNAVAILABLE,
                uri + ": answered " + response.statusCode() + " (expected: 200)");
    }

    private static String detail(String body) {
        try {
            return JsonMapper.shared().readTree(body).path("detail").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }
}
