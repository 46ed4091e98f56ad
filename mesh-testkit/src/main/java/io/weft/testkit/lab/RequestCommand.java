package io.weft.testkit.lab;

import io.weft.testkit.lab.LabOptions.Arguments;
import io.weft.testkit.lab.LabOptions.Misuse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code weft lab request a.ns1 b.ns2:80 GET /x -H 'x-user: jason'}: the terminal's way to the
 * control API. Prints the answer as JSON.
 */
final class RequestCommand {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    static final String CONTROL = "WEFT_LAB_CONTROL";

    private RequestCommand() {}

    static int run(List<String> arguments) throws Misuse, IOException, InterruptedException {
        Map<String, Object> order = new LinkedHashMap<>();
        List<List<String>> headers = new ArrayList<>();
        List<String> words = new ArrayList<>();
        String control = System.getenv().getOrDefault(CONTROL, "");
        boolean explain = false;
        Arguments left = new Arguments(arguments);
        while (left.more()) {
            String option = left.next();
            switch (option) {
                case "--control" -> control = left.value(option);
                case "--explain" -> explain = true;
                case "--direct" -> order.put("direct", true);
                case "--tls" -> order.put("tls", true);
                case "--sni" -> order.put("sni", left.value(option));
                case "--protocol" -> order.put("protocol", left.value(option));
                case "--count" -> order.put("count", number(option, left.value(option)));
                case "-d", "--data" -> order.put("body", left.value(option));
                case "-H", "--header" -> headers.add(header(left.value(option)));
                default -> {
                    if (option.startsWith("-") && option.length() > 1) {
                        throw new Misuse(
                                "request: " + option + " (expected: an option of request)");
                    }
                    words.add(option);
                }
            }
        }
        if (words.size() < 2 || words.size() > 4) {
            throw new Misuse("request: FROM and TO (expected: a.ns1 b.ns2:80 GET /path)");
        }
        if (control.isEmpty()) {
            throw new Misuse(
                    "--control: missing (expected: the URL that the lab printed; or "
                            + CONTROL
                            + " in the environment)");
        }
        order.put("from", from(words.get(0)));
        order.put("to", to(words.get(1)));
        if (words.size() > 2) {
            order.put("method", words.get(2));
        }
        if (words.size() > 3) {
            order.put("path", words.get(3));
        }
        order.put("headers", headers);
        return send(URI.create(control + (explain ? "/explain" : "/request")), order);
    }

    /** {@code workload.namespace}, or {@code outside[:gateway.namespace]}. */
    private static Map<String, Object> from(String text) {
        if (text.equals("outside")) {
            return Map.of("outside", true);
        }
        if (text.startsWith("outside:")) {
            return Map.of("outside", true, "gateway", text.substring("outside:".length()));
        }
        int dot = text.lastIndexOf('.');
        return dot < 0
                ? Map.of("workload", text)
                : Map.of("workload", text.substring(0, dot), "namespace", text.substring(dot + 1));
    }

    private static Map<String, Object> to(String text) throws Misuse {
        int colon = text.lastIndexOf(':');
        return colon < 0
                ? Map.of("host", text)
                : Map.of(
                        "host",
                        text.substring(0, colon),
                        "port",
                        number("TO", text.substring(colon + 1)));
    }

    private static int number(String option, String text) throws Misuse {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Misuse(option + ": '" + text + "' (expected: a number)");
        }
    }

    private static List<String> header(String text) throws Misuse {
        int colon = text.indexOf(':', 1);
        if (colon < 1) {
            throw new Misuse("-H: '" + text + "' (expected: 'name: value')");
        }
        return List.of(text.substring(0, colon), text.substring(colon + 1).strip());
    }

    private static int send(URI uri, Map<String, Object> order)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(uri)
                                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(order)))
                                    .build(),
                            BodyHandlers.ofString());
            System.out.println(JSON.writeValueAsString(JSON.readTree(response.body())));
            return response.statusCode() == 200 ? 0 : LabMain.BAD_INPUT;
        }
    }
}
