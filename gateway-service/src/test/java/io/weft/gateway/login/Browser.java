package io.weft.gateway.login;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A browser of sorts: cookies by port, redirects one at a time, forms. */
final class Browser implements AutoCloseable {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** By port, since everything is on one address. */
    final Map<Integer, Map<String, String>> cookies = new TreeMap<>();

    final List<String> setCookies = new ArrayList<>();

    HttpResponse<String> get(String uri, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(uri)), "text/html", headers);
    }

    HttpResponse<String> api(String uri, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(uri)), "application/json", headers);
    }

    HttpResponse<String> post(String uri, Map<String, String> form, String... headers)
            throws Exception {
        String body =
                form.entrySet().stream()
                        .map(e ->
                                e.getKey()
                                        + "="
                                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(URI.create(uri))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                "text/html",
                headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String accept, String... headers)
            throws Exception {
        request.header("accept", accept);
        if (headers.length > 0) {
            request.headers(headers);
        }
        int port = request.build().uri().getPort();
        Map<String, String> mine = cookies.computeIfAbsent(port, none -> new LinkedHashMap<>());
        if (!mine.isEmpty()) {
            request.header(
                    "cookie",
                    mine.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        for (String set : response.headers().allValues("set-cookie")) {
            setCookies.add(set);
            String pair = set.split(";")[0];
            int equals = pair.indexOf('=');
            if (set.contains("Max-Age=0")) {
                mine.remove(pair.substring(0, equals));
            } else {
                mine.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return response;
    }

    static String location(HttpResponse<?> response) {
        String to = response.headers().firstValue("location").orElseThrow();
        return response.uri().resolve(to).toString();
    }

    /**
     * From the gateway's redirect through the provider's form to where it sends the browser back.
     */
    String logIn(HttpResponse<?> redirect, String name) throws Exception {
        HttpResponse<String> asked = get(location(redirect));
        if (asked.statusCode() == 302 && location(asked).contains("/login")) {
            HttpResponse<String> in =
                    post(location(asked), Map.of("username", name, "password", name));
            asked = get(location(in));
        }
        return location(asked);
    }

    @Override
    public void close() {
        http.close();
    }
}
