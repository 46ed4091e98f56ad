package io.weft.images;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The argument file that {@code java} is started with: everything but what the environment says
 * ({@code JAVA_TOOL_OPTIONS}, and the application's properties).
 */
final class LaunchArguments {

    static final String FILE = ImageLayers.APPLICATION + "/run.args";

    static final String CACHE = ImageLayers.APPLICATION + "/run.aot";

    private static final List<String> OPTIONS =
            List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    // Restarted by whoever watches over the container, in place of limping on.
                    "-XX:+ExitOnOutOfMemoryError");

    /**
     * For programs that bring no options of their own. The rest is for metaspace, code, threads,
     * and direct buffers.
     */
    private static final String SHARE_OF_MEMORY = "-XX:MaxRAMPercentage=35";

    private LaunchArguments() {}

    /**
     * What the file says.
     *
     * @param cached whether the image has an ahead-of-time cache
     */
    static String of(BootArchive application, boolean cached) {
        return Stream.of(
                        options(application).stream(),
                        cached ? Stream.of("-XX:AOTCache=" + CACHE) : Stream.<String>empty(),
                        Stream.of(
                                "-cp",
                                application.classPath(ImageLayers.APPLICATION),
                                application.mainClass()))
                .flatMap(Function.identity())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Options of the JVM: a cache is good for those that it was made with. */
    static List<String> options(BootArchive application) {
        List<String> sizes = application.jvmOptions();
        return Stream.concat(
                        OPTIONS.stream(),
                        sizes.isEmpty() ? Stream.of(SHARE_OF_MEMORY) : sizes.stream())
                .toList();
    }
}
