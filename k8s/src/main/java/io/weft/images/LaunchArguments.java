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

    static String of(BootArchive application) {
        String classPath =
                Stream.concat(
                                Stream.of("resources", "classes"),
                                application.libraries().stream().map(name -> "lib/" + name))
                        .map(entry -> ImageLayers.APPLICATION + "/" + entry)
                        .collect(Collectors.joining(":"));
        Stream<String> sizes =
                application.jvmOptions().isEmpty()
                        ? Stream.of(SHARE_OF_MEMORY)
                        : application.jvmOptions().stream();
        return Stream.of(
                        OPTIONS.stream(),
                        sizes,
                        Stream.of("-cp", classPath, application.mainClass()))
                .flatMap(Function.identity())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
