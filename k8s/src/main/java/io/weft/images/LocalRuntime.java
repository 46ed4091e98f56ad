package io.weft.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java runtime by jlink, and the system's libraries that it is linked with.
 *
 * @param home of the runtime
 * @param systemLibraries absolute paths; the same path in the image
 */
record LocalRuntime(Path home, Set<Path> systemLibraries) {

    private static final String MODULES =
            "java.se,jdk.unsupported,jdk.net,jdk.management,jdk.zipfs,jdk.naming.dns,jdk.jfr,"
                    + "jdk.localedata";
    private static final Pattern RESOLVED = Pattern.compile("(?:=> )?(/\\S+) \\(0x[0-9a-f]+\\)");

    /** For windows and sound: they would bring half a desktop, and no server loads them. */
    private static final Set<String> DESKTOP =
            Set.of("libawt_xawt.so", "libjawt.so", "libjsound.so", "libsplashscreen.so");

    /** Makes one in a folder that must not exist. */
    static LocalRuntime make(Path javaHome, Path folder) throws IOException, InterruptedException {
        run(
                javaHome.resolve("bin/jlink").toString(),
                "--add-modules",
                MODULES,
                "--include-locales=en,zh",
                "--no-man-pages",
                "--no-header-files",
                "--compress",
                "zip-6",
                "--output",
                folder.toString());
        for (String name : DESKTOP) {
            Files.deleteIfExists(folder.resolve("lib").resolve(name));
        }
        Set<Path> libraries = new TreeSet<>();
        for (Path binary : binaries(folder)) {
            needed(run("ldd", binary.toString())).stream()
                    .filter(library -> !library.startsWith(folder))
                    .forEach(libraries::add);
        }
        return new LocalRuntime(folder, libraries);
    }

    private static List<Path> binaries(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lib"))) {
            List<Path> found =
                    new ArrayList<>(
                            files.filter(Files::isRegularFile)
                                    .filter(file ->
                                            file.toString().endsWith(".so")
                                                    || file.endsWith("jspawnhelper"))
                                    .sorted()
                                    .toList());
            found.add(folder.resolve("bin/java"));
            return found;
        }
    }

    /**
     * The libraries that ldd names; what the runtime brings itself ("not found") is passed over.
     */
    static Set<Path> needed(String ldd) {
        Set<Path> found = new TreeSet<>();
        for (Matcher matcher = RESOLVED.matcher(ldd); matcher.find(); ) {
            found.add(Path.of(matcher.group(1)));
        }
        return found;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(
                    command[0] + ": exit code " + code + " (expected: 0)\n" + output.strip());
        }
        return output;
    }
}
