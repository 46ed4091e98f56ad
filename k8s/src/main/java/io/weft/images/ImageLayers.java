package io.weft.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The layers of an image, those that change seldom first. All times in them are one. */
final class ImageLayers {

    static final String APPLICATION = "/app";
    static final String JAVA_HOME = "/opt/java/openjdk";

    private static final FilePermissions FOR_ALL = FilePermissions.fromOctalString("777");
    private static final String ACCOUNTS =
            "root:x:0:0:root:/root:/sbin/nologin\n"
                    + "nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n";
    private static final String GROUPS = "root:x:0:\nnonroot:x:65532:\n";

    private final Instant time;

    ImageLayers(Instant time) {
        this.time = time;
    }

    /** A base of its own: system libraries, accounts, and the Java runtime. */
    List<FileEntriesLayer> runtime(LocalRuntime runtime, Path scratch) throws IOException {
        FileEntriesLayer.Builder system = layer("system");
        for (Path library : runtime.systemLibraries()) {
            add(system, library.toRealPath(), library.toString());
        }
        add(system, written(scratch, "passwd", ACCOUNTS), "/etc/passwd");
        add(system, written(scratch, "group", GROUPS), "/etc/group");
        Path empty = Files.createDirectories(scratch.resolve("empty"));
        system.addEntry(empty, AbsoluteUnixPath.get("/tmp"), FOR_ALL, time);
        FileEntriesLayer.Builder java = layer("java");
        addTree(java, runtime.home(), JAVA_HOME, file -> true);
        return List.of(system.build(), java.build());
    }

    /**
     * Dependencies, snapshot dependencies, resources, classes, cache; those that have something in
     * them.
     *
     * @param cache ahead of time, if there is one
     */
    List<FileEntriesLayer> application(BootArchive application, @Nullable Path cache, Path scratch)
            throws IOException {
        Path folder = application.folder();
        FileEntriesLayer.Builder dependencies = layer("dependencies");
        FileEntriesLayer.Builder snapshots = layer("snapshot dependencies");
        FileEntriesLayer.Builder resources = layer("resources");
        FileEntriesLayer.Builder classes = layer("classes");
        Path libraries = folder.resolve("lib");
        addTree(dependencies, libraries, APPLICATION + "/lib", file -> !isSnapshot(file));
        addTree(snapshots, libraries, APPLICATION + "/lib", ImageLayers::isSnapshot);
        addJar(resources, folder.resolve("resources.jar"));
        addJar(classes, folder.resolve("classes.jar"));
        add(
                classes,
                written(scratch, "run.args", LaunchArguments.of(application, cache != null)),
                LaunchArguments.FILE);
        FileEntriesLayer.Builder ahead = layer("ahead-of-time cache");
        if (cache != null) {
            add(ahead, cache, LaunchArguments.CACHE);
        }
        return Stream.of(dependencies, snapshots, resources, classes, ahead)
                .map(FileEntriesLayer.Builder::build)
                .filter(layer -> !layer.getEntries().isEmpty())
                .toList();
    }

    private static boolean isSnapshot(Path file) {
        return BootArchive.isSnapshot(file.getFileName().toString());
    }

    private static FileEntriesLayer.Builder layer(String name) {
        return FileEntriesLayer.builder().setName(name);
    }

    private static Path written(Path scratch, String name, String content) throws IOException {
        Files.createDirectories(scratch);
        return Files.writeString(scratch.resolve(name), content);
    }

    private void addTree(
            FileEntriesLayer.Builder layer, Path folder, String target, Predicate<Path> which)
            throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile).filter(which).sorted().forEach(files::add);
        }
        for (Path file : files) {
            add(layer, file, target + "/" + folder.relativize(file));
        }
    }

    private void addJar(FileEntriesLayer.Builder layer, Path jar) {
        if (Files.exists(jar)) {
            add(layer, jar, APPLICATION + "/" + jar.getFileName());
        }
    }

    private void add(FileEntriesLayer.Builder layer, Path file, String target) {
        String mode = Files.isExecutable(file) ? "755" : "644";
        layer.addEntry(
                file, AbsoluteUnixPath.get(target), FilePermissions.fromOctalString(mode), time);
    }
}
