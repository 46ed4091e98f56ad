package io.weft.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes images as archives for {@code docker load}. The same input gives the same image, wherever
 * and whenever: every time in it is the given one.
 */
final class ImageBuilder {

    static final String USER = "65532:65532";

    private final BaseImage base;
    private final List<FileEntriesLayer> baseLayers;
    private final @Nullable Path runtime;
    private final Instant time;
    private final String version;
    private final Path work;

    /**
     * @param base what all images are built upon
     * @param baseLayers of a base that is made here; none for one of a registry
     * @param runtime home of the Java runtime in those layers, by which sidecars are rehearsed;
     *     null for no rehearsal
     * @param work folder for what is made on the way
     */
    ImageBuilder(
            BaseImage base,
            List<FileEntriesLayer> baseLayers,
            @Nullable Path runtime,
            Instant time,
            String version,
            Path work) {
        this.base = base;
        this.baseLayers = List.copyOf(baseLayers);
        this.runtime = runtime;
        this.time = time;
        this.version = version;
        this.work = work;
    }

    /** Makes the base of this machine's JDK, if that is what is wanted. */
    static ImageBuilder of(BaseImage base, Instant time, String version, Path work)
            throws IOException, InterruptedException {
        List<FileEntriesLayer> layers = List.of();
        Path home = null;
        if (base instanceof BaseImage.Local(Path javaHome)) {
            LocalRuntime runtime = LocalRuntime.make(javaHome, work.resolve("java"));
            layers = new ImageLayers(time).runtime(runtime, work.resolve("system"));
            home = runtime.home();
        }
        return new ImageBuilder(base, layers, home, time, version, work);
    }

    /**
     * Makes one.
     *
     * @param jar the module's executable jar
     * @return what was made, with its digest
     */
    JibContainer build(ImageSpec image, Path jar, Path archive)
            throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(work, image.artifact());
        BootArchive application = BootArchive.unpack(jar, own.resolve("application"));
        JibContainerBuilder container = from();
        baseLayers.forEach(container::addFileEntriesLayer);
        new ImageLayers(time)
                .application(application, rehearsed(image, application, own), own)
                .forEach(container::addFileEntriesLayer);
        container
                .setEntrypoint(ImageLayers.JAVA_HOME + "/bin/java", "@" + LaunchArguments.FILE)
                .setUser(USER)
                .setWorkingDirectory(AbsoluteUnixPath.get("/tmp"))
                .setEnvironment(environment(image))
                .setExposedPorts(image.ports().stream().map(Port::tcp).collect(Collectors.toSet()))
                .setLabels(labels(image))
                .setCreationTime(time);
        try {
            return container.containerize(
                    Containerizer.to(
                                    TarImage.at(archive)
                                            .named(ImageReference.parse(image.reference())))
                            .setBaseImageLayersCache(work.resolve("base-cache"))
                            .setApplicationLayersCache(work.resolve("layer-cache"))
                            .setToolName("weft"));
        } catch (InvalidImageReferenceException
                | RegistryException
                | CacheDirectoryCreationException
                | ExecutionException e) {
            throw new IOException(
                    image.reference() + ": cannot be made from " + base + ": " + e.getMessage(), e);
        }
    }

    /** A cache holds for files of the very time that it saw, so they get the image's before. */
    private @Nullable Path rehearsed(ImageSpec image, BootArchive application, Path own)
            throws IOException, InterruptedException {
        Path home = runtime;
        if (home == null || !image.artifact().equals(Rehearsal.SIDECAR)) {
            return null;
        }
        for (Path tree : List.of(home, application.folder())) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.setLastModifiedTime(file, FileTime.from(time));
                }
            }
        }
        Path folder = Files.createDirectory(own.resolve("rehearsal"));
        return new Rehearsal(home, application, folder).cache();
    }

    private JibContainerBuilder from() throws IOException {
        return switch (base) {
            case BaseImage.Local local -> Jib.fromScratch();
            case BaseImage.Registry(String reference) -> {
                try {
                    yield Jib.from(reference);
                } catch (InvalidImageReferenceException e) {
                    throw new IOException(
                            "weft.image.base: '" + reference + "' (expected: an image, or scratch)",
                            e);
                }
            }
        };
    }

    private Map<String, String> environment(ImageSpec image) {
        Map<String, String> all = new TreeMap<>(image.environment());
        if (base instanceof BaseImage.Local) {
            all.put("JAVA_HOME", ImageLayers.JAVA_HOME);
            all.put("PATH", ImageLayers.JAVA_HOME + "/bin");
            all.put("LANG", "C.UTF-8");
        }
        return all;
    }

    private Map<String, String> labels(ImageSpec image) {
        return new TreeMap<>(
                Map.of(
                        "org.opencontainers.image.title", image.artifact(),
                        "org.opencontainers.image.description", image.description(),
                        "org.opencontainers.image.version", version,
                        "org.opencontainers.image.created", time.toString()));
    }
}
