package io.weft.blog.launcher.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request, sent byte for byte as it is written here.
 *
 * @param host the Host header, whatever the connection leads to
 * @param headers in order, repeats allowed
 */
public record HttpQuestion(
        String method,
        String host,
        String path,
        List<Map.Entry<String, String>> headers,
        String body) {

    public HttpQuestion {
        headers = List.copyOf(headers);
    }

    public static HttpQuestion get(String host, String path) {
        return new HttpQuestion("GET", host, path, List.of(), "");
    }

    /** A request with a JSON body. */
    public static HttpQuestion json(String method, String host, String path, String body) {
        return new HttpQuestion(
                method, host, path, List.of(Map.entry("content-type", "application/json")), body);
    }

    /** The same with one header more. */
    public HttpQuestion with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new HttpQuestion(method, host, path, more, body);
    }

    /** The same with a token of RFC 6750. */
    public HttpQuestion bearer(String token) {
        return with("authorization", "Bearer " + token);
    }

    /** {@code GET http://host/path}, as people read it. */
    public String describe() {
        return method + " " + host + path;
    }
}
