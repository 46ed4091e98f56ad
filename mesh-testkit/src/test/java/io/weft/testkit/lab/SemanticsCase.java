package io.weft.testkit.lab;

import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.RequestOrder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** One case of the files in {@code semantics/}. */
record SemanticsCase(String name, String resources, List<Call> requests) {

    private static final String ISSUER = "https://auth.example.com";

    static String text(String file) {
        try (InputStream in = SemanticsCase.class.getResourceAsStream("semantics/" + file)) {
            return new String(
                    Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(file, e);
        }
    }

    static List<SemanticsCase> read(String file) {
        List<SemanticsCase> cases = new ArrayList<>();
        for (Object item :
                (List<?>) new Load(LoadSettings.builder().build()).loadFromString(text(file))) {
            Map<String, Object> fields = fields(item);
            List<Call> calls = new ArrayList<>();
            ((List<?>) Objects.requireNonNull(fields.get("requests")))
                    .forEach(call -> calls.add(new Call(fields(call))));
            cases.add(
                    new SemanticsCase(
                            String.valueOf(fields.get("name")),
                            String.valueOf(fields.get("resources")),
                            calls));
        }
        return cases;
    }

    @Override
    public String toString() {
        return name;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(Object node) {
        return (Map<String, Object>) node;
    }

    /** One request and what is expected of it. */
    record Call(Map<String, Object> fields) {

        Expectation expect() {
            return new Expectation(
                    SemanticsCase.fields(Objects.requireNonNull(fields.get("expect"))));
        }

        @Nullable Map<String, Object> fault() {
            Object fault = fields.get("fault");
            return fault == null ? null : SemanticsCase.fields(fault);
        }

        /** Whether the faults of the request before stay ordered. */
        boolean keepFaults() {
            return Boolean.TRUE.equals(fields.get("keepFaults"));
        }

        int advance() {
            return (Integer) fields.getOrDefault("advance", 0);
        }

        RequestOrder order(Lab lab) {
            String to = String.valueOf(fields.get("to"));
            int colon = to.lastIndexOf(':');
            List<List<String>> headers = new ArrayList<>();
            String path = text("path");
            if (fields.get("headers") instanceof Map<?, ?> written) {
                written.forEach((name, value) -> headers.add(List.of("" + name, "" + value)));
            }
            if (fields.get("token") != null) {
                Map<String, Object> token = SemanticsCase.fields(fields.get("token"));
                String minted = mint(lab, token);
                if (token.containsKey("query")) {
                    path = (path == null ? "/" : path) + "?" + token.get("query") + "=" + minted;
                } else {
                    headers.add(
                            List.of(
                                    "" + token.getOrDefault("header", "authorization"),
                                    token.getOrDefault("prefix", "Bearer ") + minted));
                }
            }
            return new RequestOrder(
                    from(String.valueOf(fields.get("from"))),
                    new RequestOrder.To(
                            to.substring(0, colon), Integer.valueOf(to.substring(colon + 1))),
                    text("protocol"),
                    (Boolean) fields.get("direct"),
                    text("method"),
                    path,
                    headers,
                    text("body"),
                    text("sni"),
                    (Integer) fields.get("count"),
                    null,
                    (Boolean) fields.get("tls"),
                    fields.get("alpn") instanceof List<?> names
                            ? names.stream().map(String::valueOf).toList()
                            : null,
                    text("clientCertificate"));
        }

        private @Nullable String text(String field) {
            Object value = fields.get(field);
            return value == null ? null : String.valueOf(value);
        }

        private static RequestOrder.From from(String text) {
            int dot = text.lastIndexOf('.');
            return dot < 0
                    ? new RequestOrder.From(null, null, null, true, null)
                    : new RequestOrder.From(
                            text.substring(0, dot), text.substring(dot + 1), null, null, null);
        }

        private static String mint(Lab lab, Map<String, Object> token) {
            String issuer = String.valueOf(token.getOrDefault("issuer", ISSUER));
            Object subject = token.get("subject");
            Object seconds = token.get("expiresInSeconds");
            ControlApi.Raw raw =
                    token.containsKey("key")
                            ? new ControlApi.Raw(
                                    null,
                                    Map.of("iss", issuer, "aud", "shop", "exp", 4102444800L),
                                    String.valueOf(token.get("key")))
                            : null;
            return Objects.requireNonNull(
                    lab.api()
                            .token(
                                    new ControlApi.TokenOrder(
                                            issuer,
                                            subject == null ? null : subject.toString(),
                                            token.get("audience"),
                                            token.containsKey("claims")
                                                    ? Map.copyOf(
                                                            SemanticsCase.fields(
                                                                    token.get("claims")))
                                                    : null,
                                            seconds == null ? null : ((Number) seconds).longValue(),
                                            raw))
                            .get("token"));
        }

        @Override
        public String toString() {
            return fields.toString();
        }
    }

    /** What is written is compared; what is not is not asserted, and null is asserted absent. */
    record Expectation(Map<String, Object> fields) {

        boolean has(String field) {
            return fields.containsKey(field);
        }

        int number(String field) {
            return (Integer) Objects.requireNonNull(fields.get(field));
        }

        @Nullable Map<String, Object> map(String field) {
            Object value = fields.get(field);
            return value == null ? null : SemanticsCase.fields(value);
        }

        Map<String, List<Integer>> ranges(String field) {
            Map<String, List<Integer>> ranges = new java.util.TreeMap<>();
            Map<String, Object> written = map(field);
            if (written != null) {
                written.forEach((name, range) ->
                        ranges.put(
                                name, ((List<?>) range).stream().map(n -> (Integer) n).toList()));
            }
            return ranges;
        }

        void equal(String field, @Nullable Object got, List<String> problems) {
            if (has(field) && !Objects.equals(fields.get(field), got)) {
                problems.add(field + ": " + got + " (expected: " + fields.get(field) + ")");
            }
        }

        void starts(String field, @Nullable String got, List<String> problems) {
            Object wanted = fields.get(field);
            if (has(field)
                    && (wanted == null ? got != null : !("" + got).startsWith("" + wanted))) {
                problems.add(field + ": " + got + " (expected: " + wanted + "…)");
            }
        }

        void contains(String field, String got, List<String> problems) {
            if (has(field) && !got.contains("" + fields.get(field))) {
                problems.add(field + ": " + got + " (expected: …" + fields.get(field) + "…)");
            }
        }

        void headers(String field, Function<String, @Nullable String> got, List<String> problems) {
            Map<String, Object> wanted = map(field);
            if (wanted != null) {
                wanted.forEach((name, value) -> {
                    String seen = got.apply(name);
                    if (!Objects.equals(value, seen)) {
                        problems.add(
                                field + " " + name + ": " + seen + " (expected: " + value + ")");
                    }
                });
            }
        }
    }
}
