package io.weft.testkit.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folder with conformance data; {@code -Dweft.shared=PATH} names another one. */
final class SharedData {

    private static final Path ROOT = Path.of(System.getProperty("weft.shared", "../../shared"));

    private SharedData() {}

    /** A folder of it; the calling test is skipped when it is not there. */
    static Path folder(String name) {
        Path folder = ROOT.resolve("conformance").resolve(name);
        Assumptions.assumeTrue(
                Files.isDirectory(folder),
                "skipped: no conformance data at " + folder.toAbsolutePath().normalize());
        return folder;
    }

    static JsonNode json(Path file) {
        return JsonMapper.shared().readTree(text(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
