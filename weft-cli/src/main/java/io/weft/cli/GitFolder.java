package io.weft.cli;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Git repository around a folder, asked through the program {@code git}, which knows work
 * trees, alternates and its user's settings.
 */
final class GitFolder {

    private static final int SHORT = 8;

    private final Path folder;

    private GitFolder(Path folder) {
        this.folder = folder;
    }

    /** The repository around a file or folder; empty where there is none, or no {@code git}. */
    static Optional<GitFolder> around(Path path) {
        Path absolute = path.toAbsolutePath();
        Path parent = absolute.getParent();
        return new GitFolder(Files.isDirectory(absolute) || parent == null ? absolute : parent)
                .ask("rev-parse", "--show-toplevel")
                .map(top -> new GitFolder(Path.of(top.strip())));
    }

    /** The folder of the work tree. */
    Path top() {
        return folder;
    }

    /** The full id of a commit. */
    Optional<String> commit(String revision) {
        return ask("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
                .map(String::strip);
    }

    /** The commit that is checked out, in short; says so when a path was changed since. */
    Optional<String> describe(List<String> paths) {
        List<String> status = new ArrayList<>(List.of("status", "--porcelain", "--"));
        paths.forEach(path -> status.add(Path.of(path).toAbsolutePath().toString()));
        boolean changed =
                ask(status.toArray(String[]::new)).map(text -> !text.isBlank()).orElse(false);
        return commit("HEAD")
                .map(id -> id.substring(0, SHORT) + (changed ? " with uncommitted changes" : ""));
    }

    /** Paths of all files of a commit below some paths, which are relative to the top. */
    List<String> files(String commit, List<String> below) {
        List<String> command =
                new ArrayList<>(List.of("ls-tree", "-r", "-z", "--name-only", "--full-tree"));
        command.add(commit);
        command.add("--");
        command.addAll(below);
        String listed =
                ask(command.toArray(String[]::new))
                        .orElseThrow(() ->
                                new CommandProblem(
                                        ExitCodes.BAD_DATA, commit + ": its files cannot be read"));
        return List.of(listed.split("\0", -1)).stream().filter(name -> !name.isEmpty()).toList();
    }

    /** The content of a file of a commit. */
    byte[] read(String commit, String path) {
        try {
            Ran ran = run("cat-file", "blob", commit + ":" + path);
            if (ran.code == 0) {
                return ran.output;
            }
        } catch (IOException e) {
            // said below
        }
        throw new CommandProblem(ExitCodes.BAD_DATA, commit + ":" + path + ": cannot be read");
    }

    private Optional<String> ask(String... arguments) {
        try {
            Ran ran = run(arguments);
            return ran.code == 0
                    ? Optional.of(new String(ran.output, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private record Ran(int code, byte[] output) {}

    private Ran run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (OutputStream in = process.getOutputStream();
                InputStream out = process.getInputStream()) {
            in.close();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            out.transferTo(all);
            return new Ran(process.waitFor(), all.toByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }
}
