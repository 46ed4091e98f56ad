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

    private static final List<String> SERIAL = List.of("-XX:+UseSerialGC");
    private static final List<String> SMALL =
            List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

    static List<StartupVariant> all(Path jar) {
        List<String> tight = with(SMALL, "-Xmx64m", "-Xss512k", "-XX:ReservedCodeCacheSize=48m");
        return List.of(
                new StartupVariant("as-it-comes", jar, false, "", List.of()),
                new StartupVariant("serial", jar, false, "", SERIAL),
                new StartupVariant("serial+compact", jar, false, "", SMALL),
                new StartupVariant(
                        "serial+compact+c1",
                        jar,
                        false,
                        "",
                        with(SMALL, "-XX:TieredStopAtLevel=1")),
                new StartupVariant("tight", jar, false, "", tight),
                new StartupVariant(
                        "tight-48m-heap",
                        jar,
                        false,
                        "",
                        with(SMALL, "-Xmx48m", "-Xss512k", "-XX:ReservedCodeCacheSize=48m")),
                new StartupVariant(
                        "tight+arenas",
                        jar,
                        false,
                        "",
                        with(
                                tight,
                                "-Dio.netty.allocator.numDirectArenas=1",
                                "-Dio.netty.allocator.numHeapArenas=1")),
                new StartupVariant("extracted+tight", jar, true, "", tight),
                new StartupVariant("extracted+tight+cds", jar, true, "cds", tight),
                new StartupVariant("extracted+tight+aot", jar, true, "aot", tight),
                new StartupVariant(
                        "extracted+tight+aot+c1",
                        jar,
                        true,
                        "aot",
                        with(tight, "-XX:TieredStopAtLevel=1")));
    }

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
