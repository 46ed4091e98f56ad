package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.policytest.TestRequest;
import io.weft.compiler.policytest.TestRequest.Protocol;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the request of a test; several methods or paths stand for several requests. */
final class TestRequestReader {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int LAST_PORT = 65535;

    private final Field request;

    private TestRequestReader(Field request) {
        this.request = request;
    }

    static List<TestRequest> read(Field request) {
        return new TestRequestReader(request).read();
    }

    private List<TestRequest> read() {
        Protocol protocol = protocol();
        Optional<Authority> to = to(protocol);
        if (protocol == Protocol.TCP) {
            return to
                    .map(a -> new TestRequest(protocol, a.host, a.port, "", "", Map.of(), null, ""))
                    .stream()
                    .toList();
        }
        List<String> methods = several("method", "methods", "GET");
        List<String> paths = several("path", "paths", "/");
        Map<String, String> headers = request.get("headers").texts();
        Field claimsField = request.get("claims");
        Map<String, Object> claims = claimsField.isPresent() ? claimsField.plain() : null;
        Field token = request.get("token");
        if (claims != null && token.isPresent()) {
            token.error(
                    Code.CONTRADICTION,
                    "excludes claims (expected: one of them)",
                    "keep claims for a token that counts as verified");
        }
        if (to.isEmpty()) {
            return List.of();
        }
        return all(protocol, to.get(), methods, paths, headers, claims, token.text(""));
    }

    private static List<TestRequest> all(
            Protocol protocol,
            Authority to,
            List<String> methods,
            List<String> paths,
            Map<String, String> headers,
            @Nullable Map<String, Object> claims,
            String token) {
        List<TestRequest> requests = new ArrayList<>();
        for (String method : methods) {
            for (String path : paths) {
                requests.add(
                        new TestRequest(
                                protocol, to.host, to.port, method, path, headers, claims, token));
            }
        }
        return requests;
    }

    private Protocol protocol() {
        Field field = request.get("protocol");
        String text = field.text("http");
        for (Protocol each : Protocol.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        field.reportValue(text, "http, https, tcp");
        return Protocol.HTTP;
    }

    private Optional<Authority> to(Protocol protocol) {
        Field field = request.get("to");
        String text = field.required();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int colon = text.lastIndexOf(':');
        String host = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
        int port = protocol == Protocol.HTTPS ? HTTPS_PORT : HTTP_PORT;
        try {
            port = colon < 0 ? port : Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            port = 0;
        }
        if (host.isEmpty() || host.contains("/") || port < 1 || port > LAST_PORT) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "' (expected: HOST or HOST:PORT)",
                    "write it as blog-api.blog:8080");
            return Optional.empty();
        }
        return Optional.of(new Authority(host, port));
    }

    private List<String> several(String one, String many, String otherwise) {
        Field single = request.get(one);
        Field list = request.get(many);
        if (single.isPresent() && list.isPresent()) {
            list.error(
                    Code.CONTRADICTION,
                    "excludes " + one + " (expected: one of them)",
                    "keep " + many);
        }
        List<Field> fields = list.isPresent() ? list.items() : List.of(single);
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            String value = field.text(otherwise);
            boolean path = one.equals("path");
            if (path ? !value.startsWith("/") && !value.equals("*") : !isToken(value)) {
                field.error(
                        Code.INVALID_VALUE,
                        "'" + value + "' (expected: " + (path ? "/…" : "a method") + ")",
                        path ? "begin with /" : "write it as GET");
            }
            values.add(value);
        }
        if (list.isPresent() && values.isEmpty()) {
            list.reportMissing();
        }
        return values;
    }

    private static boolean isToken(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> Character.isLetter(c) || c == '-');
    }

    private record Authority(String host, int port) {}
}
