package io.weft.compiler.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.compiler.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The conformance sets, which lie beside the project. Tests that need one are skipped without. */
public final class ConformanceData {

    private final Path folder;

    private ConformanceData(Path folder) {
        this.folder = folder;
    }

    /** A set by the name of its folder. */
    public static ConformanceData set(String name) {
        Path found =
                Stream.of("../../shared", "../shared")
                        .map(root -> Path.of(root, "conformance", name))
                        .filter(Files::isDirectory)
                        .findFirst()
                        .orElse(null);
        assumeTrue(
                found != null,
                "conformance set " + name + " is not beside the project (../shared/conformance)");
        return new ConformanceData(Objects.requireNonNull(found));
    }

    public String text(String file) {
        try {
            return Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    public SourceFile source(String file) {
        return new SourceFile(file, text(file));
    }

    /** A JSON document, which is YAML as well. */
    public Json json(String file) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setCodePointLimit(20_000_000)
                        .setMaxAliasesForCollections(0)
                        .build();
        return new Json(new Load(settings).loadFromString(text(file)));
    }

    /** A value of a JSON document; absent members are empty values. */
    public record Json(@Nullable Object value) {

        public Json get(String name) {
            return new Json(value instanceof Map<?, ?> map ? map.get(name) : null);
        }

        public boolean has(String name) {
            return value instanceof Map<?, ?> map && map.containsKey(name);
        }

        public boolean isPresent() {
            return value != null;
        }

        public List<Json> items() {
            return value instanceof List<?> list
                    ? list.stream().map(Json::new).toList()
                    : List.of();
        }

        public List<String> names() {
            return value instanceof Map<?, ?> map
                    ? map.keySet().stream().map(Object::toString).toList()
                    : List.of();
        }

        public String text() {
            return value == null ? "" : value.toString();
        }

        public boolean bool() {
            return Boolean.TRUE.equals(value);
        }
    }
}
