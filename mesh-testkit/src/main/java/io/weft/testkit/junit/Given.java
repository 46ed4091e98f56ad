package io.weft.testkit.junit;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what an annotation names: the class path, files, or the text itself. */
record Given(Class<?> test) {

    PolicyFile text(String given, String name) {
        if (given.contains("\n")) {
            return new PolicyFile(name, given);
        }
        try {
            if (given.startsWith("/")) {
                try (InputStream found = test.getResourceAsStream(given)) {
                    if (found != null) {
                        return new PolicyFile(
                                given.substring(1),
                                new String(found.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
            return new PolicyFile(given, Files.readString(Path.of(given)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "@MeshTest: " + given + " (expected: on the class path, or a file)", e);
        }
    }

    List<PolicyFile> all(String given, String name) {
        if (given.contains("\n") || !Files.isDirectory(Path.of(given))) {
            return List.of(text(given, name));
        }
        try (Stream<Path> files = Files.walk(Path.of(given))) {
            List<PolicyFile> found = new ArrayList<>();
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                if (each.toString().matches(".*\\.ya?ml")) {
                    found.add(new PolicyFile(each.toString(), Files.readString(each)));
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("@MeshTest: " + given + ": cannot be read", e);
        }
    }
}
