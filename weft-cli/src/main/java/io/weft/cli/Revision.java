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

/**
 * One side of a comparison: a file or folder, or else a Git revision of the repository around the
 * current folder.
 *
 * @param name as people call it
 */
record Revision(String name, List<SourceFile> files) {

    private static final String USUAL = "mesh";

    /**
     * Reads it. What exists as a path is one.
     *
     * @param paths of a Git revision only these, relative to the current folder; none: {@code
     *     mesh/} if the revision has it, else everything
     */
    static Revision read(String text, List<String> paths) {
        return Files.exists(Path.of(text)) ? ofPath(Path.of(text)) : ofGit(text, paths);
    }

    private static Revision ofPath(Path root) {
        try (Stream<Path> below = Files.walk(root)) {
            List<SourceFile> files = new ArrayList<>();
            for (Path file : below.filter(PolicyFiles::isPolicy).sorted().toList()) {
                String relative = root.relativize(file).toString();
                String name = relative.isEmpty() ? String.valueOf(file.getFileName()) : relative;
                files.add(SourceFile.decode(name, Files.readAllBytes(file)));
            }
            return checked(root.toString(), files);
        } catch (IOException e) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA, root + ": cannot be read: " + e.getMessage());
        }
    }

    private static Revision ofGit(String text, List<String> paths) {
        Path here = Path.of("").toAbsolutePath();
        GitFolder git =
                GitFolder.around(here)
                        .orElseThrow(() ->
                                new CommandProblem(
                                        ExitCodes.BAD_DATA,
                                        text
                                                + ": neither a path nor, since here is no Git"
                                                + " repository, a revision"));
        String commit =
                git.commit(text)
                        .orElseThrow(() ->
                                new CommandProblem(
                                        ExitCodes.BAD_DATA,
                                        text
                                                + ": not there (expected: a file, a folder, or a"
                                                + " revision of "
                                                + git.top()
                                                + ")"));
        List<String> below = new ArrayList<>();
        for (String path : paths) {
            Path absolute = here.resolve(path).normalize();
            below.add(relative(real(git.top()), real(absolute)));
        }
        List<String> names = git.files(commit, below.isEmpty() ? List.of(USUAL) : below);
        if (below.isEmpty() && names.isEmpty()) {
            names = git.files(commit, List.of());
        }
        List<SourceFile> files =
                names.stream()
                        .filter(name -> PolicyFiles.isPolicyName(name))
                        .map(name -> SourceFile.decode(name, git.read(commit, name)))
                        .toList();
        return checked(text, files);
    }

    private static String relative(Path top, Path path) {
        String relative = top.relativize(path).toString();
        return relative.isEmpty() ? "." : relative;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path; // a path that only the other revision has
        }
    }

    private static Revision checked(String name, List<SourceFile> files) {
        if (files.isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    name + ": no policies in it (expected: *.yaml, *.yml, *.json or *.hcl)");
        }
        return new Revision(name, files);
    }
}
