package io.weft.testkit.lab;

import io.weft.compiler.SourceFile;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.mesh.LabProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads files and folders of policies. */
record ResourceFiles(List<Path> paths) {

    /**
     * Every file named, and every YAML file below every folder named.
     *
     * @throws LabProblem when one cannot be read
     */
    List<PolicyFile> read() {
        List<PolicyFile> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                below(path).forEach(each -> files.add(file(each)));
            } else {
                files.add(file(path));
            }
        }
        return files;
    }

    private static List<Path> below(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(each -> each.getFileName().toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LabProblem(folder + ": cannot be read: " + e.getMessage());
        }
    }

    private static PolicyFile file(Path path) {
        return new PolicyFile(path.toString(), text(path));
    }

    static String text(Path path) {
        try {
            SourceFile source = SourceFile.decode(path.toString(), Files.readAllBytes(path));
            if (source.malformedLine() > 0) {
                throw new LabProblem(
                        path
                                + ":"
                                + source.malformedLine()
                                + ": not UTF-8 (mend: save it as UTF-8)");
            }
            return source.text();
        } catch (IOException e) {
            throw new LabProblem(
                    path + ": cannot be read (expected: a file): " + e.getClass().getSimpleName());
        }
    }
}
