package io.weft.compiler.analysis.istio;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An annotation that Istio documents.
 *
 * @param places kinds that may carry it; {@code Any} for all
 * @param deprecated whether it is on its way out
 * @param type what its value is: {@code text}, {@code int}, {@code bool}, {@code ports}
 */
record KnownAnnotation(List<String> places, boolean deprecated, String type) {

    static final String INGRESS_CLASS = "kubernetes.io/ingress.class";

    private static final Map<String, KnownAnnotation> ALL = load();

    static @Nullable KnownAnnotation find(String name) {
        return ALL.get(name);
    }

    boolean belongsTo(String kind) {
        return places.contains("Any") || places.contains(kind);
    }

    /** What is wrong with a value; empty when nothing is. */
    String problem(String value) {
        return switch (type) {
            case "int" -> value.matches("[+-]?[0-9]+") ? "" : "'" + value + "' is no whole number";
            case "bool" ->
                    value.matches("(?i)true|false|1|0|t|f")
                            ? ""
                            : "'" + value + "' is no truth value";
            case "ports" ->
                    value.matches("\\*|([0-9]{1,5}( *, *[0-9]{1,5})*)?")
                            ? ""
                            : "'" + value + "' is no list of ports";
            default -> "";
        };
    }

    private static Map<String, KnownAnnotation> load() {
        InputStream rows =
                Objects.requireNonNull(
                        KnownAnnotation.class.getResourceAsStream("annotations.tsv"));
        Map<String, KnownAnnotation> all = new HashMap<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(rows, StandardCharsets.UTF_8))) {
            reader.lines()
                    .forEach(row -> {
                        String[] cells = row.split("\t", 4);
                        all.put(
                                cells[0],
                                new KnownAnnotation(
                                        List.of(cells[1].split(",", -1)),
                                        cells[2].equals("deprecated"),
                                        cells[3]));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(all);
    }
}
