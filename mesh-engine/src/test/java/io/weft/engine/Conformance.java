package io.weft.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The conformance sets, where they lie beside the checkout; else the test is skipped and says so.
 */
public final class Conformance {

    private Conformance() {}

    public static JsonNode read(String file) {
        Path at = null;
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path candidate = dir.resolve("shared/conformance").resolve(file);
            if (Files.isRegularFile(candidate)) {
                at = candidate;
                break;
            }
        }
        Assumptions.assumeTrue(at != null, "conformance set not found: shared/conformance/" + file);
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(at));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
