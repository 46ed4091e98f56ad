package io.weft.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * An executable jar of Spring Boot, unpacked into what changes seldom and what changes often.
 *
 * @param mainClass the application's own, not the launcher
 * @param libraries names of the jars in the order of the class path
 * @param folder with {@code lib}, and, as far as there is something in them, {@code resources.jar}
 *     and {@code classes.jar} in it
 */
record BootArchive(String mainClass, List<String> libraries, Path folder) {

    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String CLASSES = "BOOT-INF/classes/";
    private static final List<String> OWN = List.of("resources", "classes");
    private static final String INDEX = "BOOT-INF/classpath.idx";
    private static final String JVM_OPTIONS = "META-INF/weft/proxy.options";
    private static final String BILL_OF_MATERIALS = "META-INF/sbom/";

    BootArchive {
        libraries = List.copyOf(libraries);
    }

    /**
     * Unpacks.
     *
     * @param into an empty folder
     * @throws IOException when the jar cannot be read or is not one of Spring Boot's
     */
    static BootArchive unpack(Path jar, Path into) throws IOException {
        if (!Files.isRegularFile(jar)) {
            throw new IOException(
                    "executable jar: " + jar + " is missing (expected: built before)");
        }
        Files.createDirectories(into.resolve("lib"));
        try (JarFile archive = new JarFile(jar.toFile())) {
            Attributes manifest = archive.getManifest().getMainAttributes();
            String mainClass = manifest.getValue("Start-Class");
            if (mainClass == null) {
                throw new IOException(jar + ": no Start-Class (expected: an executable jar)");
            }
            for (Enumeration<JarEntry> all = archive.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                if (!entry.isDirectory()) {
                    unpack(archive, entry, into);
                }
            }
            for (String part : OWN) {
                if (Files.exists(into.resolve(part))) {
                    PlainJar.write(into.resolve(part), into.resolve(part + ".jar"));
                }
            }
            return new BootArchive(mainClass, index(archive), into);
        }
    }

    /** As the JVM wants it, where the folder's content is at {@code place}. */
    String classPath(String place) {
        return Stream.concat(
                        OWN.stream()
                                .map(part -> part + ".jar")
                                .filter(name -> Files.exists(folder.resolve(name))),
                        libraries.stream().map(name -> "lib/" + name))
                .map(entry -> place + "/" + entry)
                .collect(Collectors.joining(":"));
    }

    private static void unpack(JarFile archive, JarEntry entry, Path into) throws IOException {
        String name = entry.getName();
        String target;
        if (name.startsWith(LIBRARIES)) {
            target = "lib/" + name.substring(LIBRARIES.length());
        } else if (name.startsWith(CLASSES)) {
            String rest = name.substring(CLASSES.length());
            target = (rest.endsWith(".class") ? "classes/" : "resources/") + rest;
        } else if (name.startsWith(BILL_OF_MATERIALS)) {
            target = "resources/" + name;
        } else {
            return;
        }
        Path file = into.resolve(target).normalize();
        if (!file.startsWith(into)) {
            throw new IOException("entry: '" + name + "' (expected: a path inside of the archive)");
        }
        Files.createDirectories(file.getParent());
        try (InputStream content = archive.getInputStream(entry)) {
            Files.copy(content, file);
        }
    }

    private static List<String> index(JarFile archive) throws IOException {
        JarEntry entry = archive.getJarEntry(INDEX);
        if (entry == null) {
            throw new IOException(archive.getName() + ": no " + INDEX);
        }
        List<String> names = new ArrayList<>();
        try (InputStream content = archive.getInputStream(entry)) {
            for (String line :
                    new String(content.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                int start = line.indexOf(LIBRARIES);
                if (start >= 0) {
                    names.add(line.substring(start + LIBRARIES.length(), line.lastIndexOf('"')));
                }
            }
        }
        return names;
    }

    /**
     * The options of the JVM that a library in it demands (one carries the data plane); empty where
     * none does.
     *
     * @throws UncheckedIOException when a library cannot be read
     */
    List<String> jvmOptions() {
        for (String library : libraries) {
            if (!isSnapshot(library)) {
                continue; // Only those of this project have any.
            }
            try (JarFile jar = new JarFile(folder.resolve("lib").resolve(library).toFile())) {
                JarEntry entry = jar.getJarEntry(JVM_OPTIONS);
                if (entry != null) {
                    return new String(
                                    jar.getInputStream(entry).readAllBytes(),
                                    StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> line.startsWith("-"))
                            .toList();
                }
            } catch (ZipException e) {
                continue; // What is no archive demands nothing.
            } catch (IOException e) {
                throw new UncheckedIOException(library + ": cannot be read", e);
            }
        }
        return List.of();
    }

    /** A library of this project, or of another that is still changing. */
    static boolean isSnapshot(String library) {
        return library.endsWith("-SNAPSHOT.jar");
    }
}
