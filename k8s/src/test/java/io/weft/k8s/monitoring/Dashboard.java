package io.weft.k8s.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A dashboard of Grafana, as far as its queries go. */
record Dashboard(Path file, JsonNode json) {

    private static final Pattern LABEL_VALUES =
            Pattern.compile("label_values\\((?<selector>.+), (?<label>[a-z_]+)\\)");

    private static final Pattern QUERY_RESULT =
            Pattern.compile("query_result\\((?<query>count by \\((?<label>[a-z_]+)\\) .+)\\)");

    /** A query of a panel. */
    record Query(String panel, String expression) {}

    /** A variable whose values are those of a label in the series of a query. */
    record Variable(String name, String query, String label) {}

    static Dashboard read(Path file) throws IOException {
        return new Dashboard(file, new ObjectMapper().readTree(file.toFile()));
    }

    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : json.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(
                        new Query(
                                file.getFileName() + ": " + panel.path("title").asText(),
                                target.path("expr").asText()));
            }
        }
        for (JsonNode annotation : json.path("annotations").path("list")) {
            queries.add(
                    new Query(
                            file.getFileName() + ": annotation", annotation.path("expr").asText()));
        }
        return queries;
    }

    List<Variable> variables() {
        List<Variable> variables = new ArrayList<>();
        for (JsonNode each : json.path("templating").path("list")) {
            if (each.path("type").asText().equals("query")) {
                variables.add(
                        variable(
                                each.path("name").asText(),
                                each.path("query").path("query").asText()));
            }
        }
        return variables;
    }

    private static Variable variable(String name, String query) {
        Matcher values = LABEL_VALUES.matcher(query);
        if (values.matches()) {
            return new Variable(name, values.group("selector"), values.group("label"));
        }
        Matcher result = QUERY_RESULT.matcher(query);
        if (result.matches()) {
            return new Variable(name, result.group("query"), result.group("label"));
        }
        throw new IllegalArgumentException(
                query + " (expected: label_values(…, …) or query_result(count by (…) …))");
    }

    /** With what Grafana would put for its variables. */
    static String filled(String expression, Map<String, String> values) {
        String filled = expression.replace("$__rate_interval", "5m");
        for (Map.Entry<String, String> each : values.entrySet()) {
            filled = filled.replace("$" + each.getKey(), each.getValue());
        }
        return filled;
    }
}
