package io.weft.images;

import com.google.cloud.tools.jib.api.JibContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code BuildImages ROOT OUTPUT BASE TIME VERSION [NAME…]}: archives of all images, or of those
 * whose modules are named.
 */
public final class BuildImages {

    private static final int ARGUMENTS = 5;

    private BuildImages() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < ARGUMENTS) {
            System.err.println(
                    "images: "
                            + arguments.length
                            + " arguments (expected: ROOT OUTPUT BASE TIME VERSION)");
            System.exit(64);
        }
        Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
        Path output = Files.createDirectories(Path.of(arguments[1]));
        Path javaHome = Path.of(System.getProperty("java.home"));
        BaseImage base = BaseImage.of(arguments[2], javaHome);
        String version = arguments[4];
        List<String> wanted = List.of(arguments).subList(ARGUMENTS, arguments.length);
        Path work = Files.createTempDirectory("weft-images");
        try {
            ImageBuilder builder =
                    ImageBuilder.of(base, Instant.parse(arguments[3]), version, work);
            for (ImageSpec image : ImageCatalog.all()) {
                if (wanted.isEmpty() || wanted.contains(image.artifact())) {
                    Path jar = jar(root, image, version);
                    Path archive = output.resolve(image.archiveName());
                    JibContainer made = builder.build(image, jar, archive);
                    System.out.println(
                            image.reference() + "  " + archive + "  " + made.getImageId());
                }
            }
        } finally {
            delete(work);
        }
    }

    private static Path jar(Path root, ImageSpec image, String version) {
        return root.resolve(image.module())
                .resolve("target")
                .resolve(image.artifact() + "-" + version + "-exec.jar");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
