package io.weft.testkit.lab;

import io.weft.testkit.lab.LabOptions.Arguments;
import io.weft.testkit.lab.LabOptions.Misuse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code weft lab record FILE}: from now to the end of standard input, what is sent through the lab
 * by hand becomes a {@code PolicyTest} in the file, which is written after each request.
 */
final class RecordCommand {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int INTERVAL_MILLIS = 200;

    private final HttpClient client;
    private final URI recording;
    private final Path file;
    private String written = "";

    private RecordCommand(HttpClient client, URI recording, Path file) {
        this.client = client;
        this.recording = recording;
        this.file = file;
    }

    static int run(java.util.List<String> arguments)
            throws Misuse, IOException, InterruptedException {
        String control = System.getenv().getOrDefault(RequestCommand.CONTROL, "");
        @Nullable Path file = null;
        Arguments left = new Arguments(arguments);
        while (left.more()) {
            String option = left.next();
            if (option.equals("--control")) {
                control = left.value(option);
            } else if (option.startsWith("-") || file != null) {
                throw new Misuse("record: " + option + " (expected: one FILE)");
            } else {
                file = Path.of(option);
            }
        }
        if (file == null) {
            throw new Misuse(
                    "record: FILE: missing (expected: where the PolicyTest shall be written)");
        }
        if (control.isEmpty()) {
            throw new Misuse(
                    "--control: missing (expected: the URL that the lab printed; or "
                            + RequestCommand.CONTROL
                            + " in the environment)");
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return new RecordCommand(client, URI.create(control + "/recording"), file).record();
        }
    }

    private int record() throws IOException, InterruptedException {
        call("POST");
        System.err.println("recording to " + file + " until the end of standard input");
        CountDownLatch ended = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("weft-lab-input").start(() -> untilEnd(ended));
        while (!ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
            write(call("GET"));
        }
        JsonNode all = call("DELETE");
        write(all);
        all.path("leftOut").forEach(each -> System.err.println("left out: " + each.asString()));
        System.err.println(all.path("requests").asInt() + " requests in " + file);
        return 0;
    }

    private void write(JsonNode recorded) throws IOException {
        String yaml = recorded.path("policyTest").asString("");
        if (!yaml.equals(written)) {
            Files.writeString(file, yaml);
            written = yaml;
        }
    }

    private JsonNode call(String method) throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(recording)
                                .method(method, BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(method + " " + recording + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private static void untilEnd(CountDownLatch ended) {
        InputStream in = System.in;
        try {
            byte[] buffer = new byte[256];
            while (in.read(buffer) >= 0) {
                // Only the end means something.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        ended.countDown();
    }
}
