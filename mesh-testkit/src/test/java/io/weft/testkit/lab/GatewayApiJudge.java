package io.weft.testkit.lab;

import io.weft.testkit.lab.control.Answer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says what is wrong with an answer, by the rules of the Gateway API's conformance data. */
record GatewayApiJudge(JsonNode sent) {

    /** What is wrong, empty when nothing is. */
    String judge(Answer answer) {
        JsonNode expect = sent.path("expect");
        Integer status = answer.status();
        boolean possible = false;
        for (JsonNode code : expect.path("statusCodes")) {
            possible |=
                    status != null
                            && (code.asInt() == status
                                    || isTimeout(code.asInt()) && isTimeout(status));
        }
        if (!possible || status == null) {
            return "status " + status + " " + answer.error();
        }
        String problem = responseHeaders(expect, answer);
        if (!problem.isEmpty()) {
            return problem;
        }
        if (expect.has("redirect")) {
            String location = value(answer.headers(), "location");
            return location == null
                    ? "no location"
                    : redirect(expect.path("redirect"), URI.create(location));
        }
        if (expect.path("framesEchoed").asBoolean(false)) {
            String frame = sent.path("request").path("frames").path(0).path("text").asString();
            return answer.body().equals(frame) ? "" : "frame " + answer.body();
        }
        boolean forwarded = status == 200 || status == 204;
        return expect.path("answeredByGateway").asBoolean(false) || !forwarded
                ? ""
                : received(expect, answer);
    }

    private static boolean isTimeout(int status) {
        return status == 408 || status == 504;
    }

    private String responseHeaders(JsonNode expect, Answer answer) {
        boolean loose = expect.path("ignoreWhitespaceInResponseHeaders").asBoolean(false);
        for (Map.Entry<String, JsonNode> wanted : expect.path("responseHeaders").properties()) {
            if (!same(
                    wanted.getValue().asString(),
                    value(answer.headers(), wanted.getKey()),
                    loose)) {
                return "header " + wanted + ": " + value(answer.headers(), wanted.getKey());
            }
        }
        for (Map.Entry<String, JsonNode> wanted : expect.path("responseHeaderOneOf").properties()) {
            String got = value(answer.headers(), wanted.getKey());
            boolean one = false;
            for (JsonNode option : wanted.getValue()) {
                one |= same(option.asString(), got, loose);
            }
            if (!one) {
                return "header " + wanted + ": " + got;
            }
        }
        for (JsonNode absent : expect.path("absentResponseHeaders")) {
            if (value(answer.headers(), absent.asString()) != null) {
                return "header " + absent + ": " + value(answer.headers(), absent.asString());
            }
        }
        return "";
    }

    private static boolean same(String wanted, @Nullable String got, boolean loose) {
        return got != null
                && (loose
                        ? wanted.replace(" ", "").equals(got.replace(" ", ""))
                        : wanted.equals(got));
    }

    private static String redirect(JsonNode expected, URI location) {
        String port = expected.path("port").asString("default");
        int usual = "https".equals(location.getScheme()) ? 443 : 80;
        boolean portFits =
                port.equals("default")
                        ? location.getPort() == -1 || location.getPort() == usual
                        : location.getPort() == Integer.parseInt(port);
        boolean right =
                portFits
                        && (!expected.has("scheme")
                                || expected.path("scheme").asString().equals(location.getScheme()))
                        && (!expected.has("path")
                                || expected.path("path").asString().equals(location.getPath()))
                        && (!expected.has("host")
                                || expected.path("host").asString().equals(location.getHost()));
        return right ? "" : "redirected to " + location;
    }

    private String received(JsonNode expect, Answer answer) {
        JsonNode echo = answer.echo();
        if (echo == null) {
            return "no backend answered";
        }
        if (expect.has("backend")
                        && !expect.path("backend")
                                .asString()
                                .equals(echo.path("workload").asString())
                || expect.has("namespace")
                        && !expect.path("namespace")
                                .asString()
                                .equals(echo.path("namespace").asString())) {
            return "answered by "
                    + echo.path("workload").asString()
                    + "."
                    + echo.path("namespace").asString();
        }
        boolean changed = expect.has("backendRequest");
        JsonNode request = changed ? expect.path("backendRequest") : sent.path("request");
        for (String field : List.of("method", "path", "host")) {
            if (request.has(field)
                    && !request.path(field).asString().equals(echo.path(field).asString())) {
                return field + " " + echo.path(field).asString();
            }
        }
        for (Map.Entry<String, JsonNode> header : request.path("headers").properties()) {
            String got = value(headers(echo), header.getKey());
            if (!header.getValue().asString().equals(got)) {
                return "received header " + header + ": " + got;
            }
        }
        for (JsonNode absent : request.path("absentHeaders")) {
            if (value(headers(echo), absent.asString()) != null) {
                return "received header " + absent;
            }
        }
        return "";
    }

    /** Exactly one header {@code Backend}, with the name of who received it. */
    String namesItsBackend(Answer answer) {
        JsonNode echo = answer.echo();
        String name = echo == null ? null : value(headers(echo), "backend");
        return echo != null && echo.path("workload").asString().equals(name)
                ? ""
                : "backend " + name;
    }

    private static List<List<String>> headers(JsonNode echo) {
        return echo.path("headers")
                .valueStream()
                .map(pair -> List.of(pair.get(0).asString(), pair.get(1).asString()))
                .toList();
    }

    private static @Nullable String value(List<List<String>> headers, String name) {
        List<String> values =
                headers.stream()
                        .filter(each -> each.getFirst().equalsIgnoreCase(name))
                        .map(List::getLast)
                        .toList();
        return values.isEmpty() ? null : values.stream().collect(Collectors.joining(","));
    }
}
