package io.weft.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to start the sidecar.
 *
 * @param extracted whether the archive is extracted ({@code -Djarmode=tools extract}) first
 * @param archive {@code cds}, {@code aot} or empty
 */
record StartupVariant(
        String name, Path jar, boolean extracted, String archive, List<String> flags) {

    /**
     * @param shipped the options with which the sidecar is shipped
     */
    static List<StartupVariant> all(Path jar, List<String> shipped) {
        return List.of(
                new StartupVariant("as-it-comes", jar, false, "", List.of()),
                new StartupVariant("shipped", jar, false, "", shipped),
                new StartupVariant(
                        "shipped+c1", jar, false, "", with(shipped, "-XX:TieredStopAtLevel=1")),
                new StartupVariant("extracted", jar, true, "", shipped),
                new StartupVariant("extracted+cds", jar, true, "cds", shipped),
                new StartupVariant("extracted+aot", jar, true, "aot", shipped),
                new StartupVariant(
                        "extracted+aot-fixed", jar, true, "aot", with(shipped, FIXED_PLACE)));
    }

    /** The cache where it was made for: its pages stay those of the file. */
    private static final String[] FIXED_PLACE = {
        "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0"
    };

    private static List<String> with(List<String> flags, String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return all;
    }

    boolean trained() {
        return !archive.isEmpty();
    }

    List<String> options(Path folder) {
        return switch (archive) {
            case "cds" -> with(flags, "-XX:SharedArchiveFile=" + folder.resolve(name + ".jsa"));
            case "aot" -> with(flags, "-XX:AOTCache=" + folder.resolve(name + ".aot"));
            default -> flags;
        };
    }

    List<String> training(Path folder) {
        return switch (archive) {
            case "cds" -> with(flags, "-XX:ArchiveClassesAtExit=" + folder.resolve(name + ".jsa"));
            case "aot" -> with(flags, "-XX:AOTCacheOutput=" + folder.resolve(name + ".aot"));
            default -> flags;
        };
    }

    /** The program, extracted where it is to be. */
    List<String> program(Path folder) throws IOException, InterruptedException {
        if (!extracted) {
            return List.of("-jar", jar.toString());
        }
        Path target = folder.resolve("extracted");
        if (!Files.isDirectory(target)) {
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Djarmode=tools",
                                    "-jar",
                                    jar.toString(),
                                    "extract",
                                    "--destination",
                                    target.toString())
                            .inheritIO()
                            .start();
            if (process.waitFor() != 0) {
                throw new IOException(jar + " cannot be extracted");
            }
        }
        return List.of("-jar", target.resolve(jar.getFileName()).toString());
    }
}
