package io.weft.cli;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.compiler.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the files that a command names. */
public final class PolicyFiles {

    private PolicyFiles() {}

    /**
     * Files as they are named, and all YAML, JSON and HCL below folders; {@code -} is standard
     * input.
     *
     * @throws CommandProblem when one is not there or cannot be read
     */
    public static List<SourceFile> read(List<String> paths) {
        List<SourceFile> files = new ArrayList<>();
        for (String path : paths) {
            try {
                if (path.equals("-")) {
                    files.add(SourceFile.decode("stdin", System.in.readAllBytes()));
                } else {
                    add(Path.of(path), files);
                }
            } catch (IOException e) {
                throw new CommandProblem(
                        ExitCodes.BAD_DATA, path + ": cannot be read: " + e.getMessage());
            }
        }
        return files;
    }

    private static void add(Path path, List<SourceFile> files) throws IOException {
        if (!Files.exists(path)) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA, path + ": not there (expected: a file or a folder)");
        }
        if (!Files.isDirectory(path)) {
            files.add(SourceFile.decode(path.toString(), Files.readAllBytes(path)));
            return;
        }
        int before = files.size();
        try (Stream<Path> below = Files.walk(path)) {
            for (Path file : below.filter(PolicyFiles::isPolicy).sorted().toList()) {
                files.add(SourceFile.decode(file.toString(), Files.readAllBytes(file)));
            }
        }
        if (files.size() == before) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    path + ": no policies in it (expected: *.yaml, *.yml, *.json or *.hcl)");
        }
    }

    static boolean isPolicy(Path file) {
        return Files.isRegularFile(file) && isPolicyName(String.valueOf(file.getFileName()));
    }

    static boolean isPolicyName(String name) {
        return name.endsWith(".yaml")
                || name.endsWith(".yml")
                || name.endsWith(".json")
                || name.endsWith(".hcl");
    }
}
