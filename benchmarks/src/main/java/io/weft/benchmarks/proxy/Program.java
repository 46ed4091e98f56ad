package io.weft.benchmarks.proxy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs of this machine. */
final class Program {

    private Program() {}

    /**
     * The first that there is: the environment variable's, then on the path and in its own places.
     */
    static Optional<Path> find(String variable, String name, String... otherPlaces) {
        String named = System.getenv(variable);
        if (named != null && !named.isBlank()) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(path.split(File.pathSeparator)).map(dir -> dir + "/" + name),
                        Stream.of(otherPlaces))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What the command's output shows where the expression has its first group; else empty. */
    static String version(Optional<Path> program, String option, String expression) {
        if (program.isEmpty()) {
            return "";
        }
        try {
            Process process =
                    new ProcessBuilder(program.get().toString(), option)
                            .redirectErrorStream(true)
                            .start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = Pattern.compile(expression).matcher(text);
            return version.find() ? version.group(1) : "?";
        } catch (IOException e) {
            return "";
        }
    }

    /** The command with further arguments. */
    static List<String> command(Optional<Path> program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.orElseThrow().toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
