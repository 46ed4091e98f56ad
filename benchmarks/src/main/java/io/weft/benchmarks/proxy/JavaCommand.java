package io.weft.benchmarks.proxy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process of the JDK that runs this one. */
final class JavaCommand {

    private JavaCommand() {}

    static List<String> of(List<String> options, List<String> program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(program);
        return command;
    }
}
