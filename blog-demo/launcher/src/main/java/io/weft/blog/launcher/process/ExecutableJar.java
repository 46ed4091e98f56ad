package io.weft.blog.launcher.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A Spring Boot archive laid out as a class path: it starts faster than from nested jars, several
 * instances can share a process, and classes can be archived.
 *
 * @param mainClass the application's own main class
 * @param classPath the application's classes first, then its libraries in the archive's order
 */
public record ExecutableJar(String mainClass, List<Path> classPath) {

    private static final String LIBRARIES = "BOOT-INF/lib/";

    public ExecutableJar {
        classPath = List.copyOf(classPath);
    }

    /**
     * Lays out the archive of a module, unless that was done since it was built.
     *
     * @param module folder of the Maven module
     */
    public static ExecutableJar of(Path module) {
        Path archive = find(module, "-exec.jar");
        Path classes = archive.resolveSibling(name(archive).replace("-exec.jar", ".jar"));
        Path target = module.resolve("target/demo");
        try (JarFile jar = new JarFile(archive.toFile())) {
            String main = jar.getManifest().getMainAttributes().getValue("Start-Class");
            List<Path> classPath = new ArrayList<>(List.of(classes));
            layOut(jar, target, classPath);
            return new ExecutableJar(main, classPath);
        } catch (IOException e) {
            throw new UncheckedIOException(archive + ": " + e.getMessage(), e);
        }
    }

    private static void layOut(JarFile jar, Path target, List<Path> classPath) throws IOException {
        List<JarEntry> libraries =
                jar.stream().filter(entry -> isLibrary(entry.getName())).toList();
        Path stamp = target.resolve("stamp");
        String contents = contents(libraries);
        boolean done = Files.exists(stamp) && Files.readString(stamp).equals(contents);
        if (!done) {
            deleteTree(target);
            Files.createDirectories(target.resolve("lib"));
        }
        for (JarEntry entry : libraries) {
            Path library =
                    target.resolve("lib").resolve(entry.getName().substring(LIBRARIES.length()));
            if (!done) {
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            classPath.add(library);
        }
        if (!done) {
            Files.writeString(stamp, contents);
        }
    }

    /** Says what is in it; the archive's own time says nothing, for builds are reproducible. */
    private static String contents(List<JarEntry> libraries) {
        StringBuilder text = new StringBuilder();
        libraries.forEach(entry ->
                text.append(entry.getName()).append(' ').append(entry.getCrc()).append('\n'));
        return text.toString();
    }

    private static boolean isLibrary(String name) {
        return name.startsWith(LIBRARIES)
                && name.endsWith(".jar")
                && name.indexOf('/', LIBRARIES.length()) < 0;
    }

    private static Path find(Path module, String suffix) {
        try (Stream<Path> files = Files.list(module.resolve("target"))) {
            return files.filter(file -> name(file).endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no *" + suffix + " in it"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    module + ": not built (" + e.getMessage() + "); run ./weft demo again", e);
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Deletes a folder with all that is in it; nothing happens when there is none. */
    public static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
