package io.weft.blog.launcher.repo;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The sample configurations that come with the demo. */
final class SampleFiles {

    private SampleFiles() {}

    /** All files below a folder of the class path, by their path in it. */
    static Map<String, String> below(String folder) {
        URL url =
                Objects.requireNonNull(
                        SampleFiles.class.getResource("/" + folder), "the sample is in the jar");
        try {
            URI uri = url.toURI();
            if (!uri.getScheme().equals("jar")) {
                return read(Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return read(jar.getPath("/" + folder));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(folder + ": not readable", e);
        }
    }

    private static Map<String, String> read(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String path = root.relativize(file).toString().replace('\\', '/');
                files.put(path, Files.readString(file));
            }
        }
        return files;
    }
}
