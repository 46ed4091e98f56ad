package io.weft.blog.launcher.control;

import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads policy-service's API. Thread-safe. */
public final class PolicyApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final int port;

    public PolicyApi(int port) {
        this.port = port;
    }

    /** Commit in force, empty for none. */
    public String commitInForce() throws IOException {
        return get("/api/v1/status").path("inForce").path("commit").asString("");
    }

    /** What was said of the newest commit when that was refused; empty when it was not. */
    public List<Refusal> refusals(String commit) throws IOException {
        JsonNode refused = get("/api/v1/status").path("refused");
        List<Refusal> found = new ArrayList<>();
        if (refused.path("commit").path("commit").asString("").equals(commit)) {
            for (JsonNode each : refused.path("diagnostics")) {
                found.add(
                        new Refusal(
                                each.path("level").asString(""),
                                each.path("file").asString(""),
                                each.path("line").asInt(0),
                                each.path("message").asString(""),
                                each.path("mend").asString("")));
            }
        }
        return found;
    }

    /** One diagnostic of a refused commit. */
    public record Refusal(String level, String file, int line, String message, String mend) {

        public boolean isError() {
            return level.equalsIgnoreCase("error");
        }

        @Override
        public String toString() {
            return file + ":" + line + " " + message + " (mend: " + mend + ")";
        }
    }

    /** How far each instance has come. */
    public List<Rollout> rollout() throws IOException {
        List<Rollout> found = new ArrayList<>();
        for (JsonNode each : get("/api/v1/workloads")) {
            found.add(
                    new Rollout(
                            each.path("instance").asString(""),
                            each.path("connected").asBoolean(false),
                            each.path("inSync").asBoolean(false),
                            each.path("acknowledgedRevision").asString("")));
        }
        return found;
    }

    /** An instance and its acknowledgement. */
    public record Rollout(
            String instance, boolean connected, boolean inSync, String acknowledgedRevision) {

        public boolean upToDate() {
            return connected && inSync;
        }
    }

    /** How many connected instances have acknowledged the commit; none when another is in force. */
    public long upToDate(String commit) throws IOException {
        if (!commitInForce().equals(commit)) {
            return 0;
        }
        return rollout().stream().filter(Rollout::upToDate).count();
    }

    /** A document of the API. */
    public JsonNode get(String path) throws IOException {
        HttpAnswer answer =
                HttpConnection.once(
                        Target.plain(port), HttpQuestion.get("localhost:" + port, path), TIMEOUT);
        if (answer.status() != 200) {
            throw new IOException(path + ": " + answer.status() + " " + answer.body());
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    /** Whether anything answers there. */
    public boolean answers() {
        try {
            get("/api/v1/status");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
