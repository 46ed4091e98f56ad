package io.weft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The options of the JVM with which the sidecar is shipped, read where they are kept. */
final class ShippedOptions {

    private static final String FILE =
            "mesh-dataplane/src/main/resources/META-INF/weft/proxy.options";

    private ShippedOptions() {}

    /**
     * @param home the project
     */
    static List<String> read(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve(FILE))) {
            return lines.filter(line -> line.startsWith("-")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(home.resolve(FILE) + ": cannot be read", e);
        }
    }
}
