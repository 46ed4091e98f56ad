package io.weft.dataplane.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The options that sidecars are started with, read where they are kept. */
final class ShippedJvmOptions {

    private ShippedJvmOptions() {}

    static List<String> read() throws IOException {
        try (var lines = Files.lines(Path.of("src/main/jvm/proxy.options"))) {
            return lines.filter(line -> line.startsWith("-")).toList();
        }
    }
}
