package io.weft.dataplane.cost;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The options that sidecars are started with, read where they are kept. */
public final class ShippedJvmOptions {

    private ShippedJvmOptions() {}

    /** Each as java takes it. */
    public static List<String> read() throws IOException {
        try (InputStream file =
                ShippedJvmOptions.class.getResourceAsStream("/META-INF/weft/proxy.options")) {
            if (file == null) {
                throw new IOException("META-INF/weft/proxy.options: missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("-"))
                    .toList();
        }
    }
}
