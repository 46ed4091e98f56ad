package io.weft.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final ImageSpec IMAGE =
            new ImageSpec(
                    "blog/api:v2.0.0",
                    "blog-demo/blog-api",
                    "The blog",
                    List.of(8080),
                    Map.of("BLOG_VERSION", "v2"));

    @TempDir Path folder;
    private Path jar;

    @BeforeEach
    void anExecutableJar() throws IOException {
        jar =
                jar(
                        "app.jar",
                        Map.of(
                                "BOOT-INF/classes/io/example/Main.class", "class",
                                "BOOT-INF/classes/application.yaml", "yaml",
                                "BOOT-INF/lib/b-1.0.jar", "b",
                                "BOOT-INF/lib/a-1.0.jar", "a",
                                "BOOT-INF/lib/own-0.1.0-SNAPSHOT.jar", "own",
                                "META-INF/sbom/application.cdx.json", "{}",
                                "org/springframework/boot/loader/Launcher.class", "loader",
                                "BOOT-INF/classpath.idx",
                                        """
                                        - "BOOT-INF/lib/b-1.0.jar"
                                        - "BOOT-INF/lib/own-0.1.0-SNAPSHOT.jar"
                                        - "BOOT-INF/lib/a-1.0.jar"
                                        """));
    }

    @Test
    void whatChangesSeldomIsInAnotherLayerThanWhatChangesOften() throws Exception {
        ImageArchive image = build("image.tar");
        assertThat(image.layers()).hasSize(4);
        assertThat(image.files(0)).containsExactly("app/lib/a-1.0.jar", "app/lib/b-1.0.jar");
        assertThat(image.files(1)).containsExactly("app/lib/own-0.1.0-SNAPSHOT.jar");
        assertThat(image.files(2)).containsExactly("app/resources.jar");
        assertThat(entries(image.file("app/resources.jar")))
                .containsExactly(
                        "META-INF/",
                        "META-INF/sbom/",
                        "META-INF/sbom/application.cdx.json",
                        "application.yaml");
        assertThat(image.files(3)).containsExactly("app/classes.jar", "app/run.args");
        assertThat(entries(image.file("app/classes.jar")))
                .containsExactly("io/", "io/example/", "io/example/Main.class");
    }

    @Test
    void theProgramIsStartedByItsMainClassWithTheClassPathOfTheJarsIndex() throws Exception {
        ImageArchive image = build("image.tar");
        ImageArchive.Entry arguments = image.layers().get(3).getLast();
        assertThat(new String(arguments.content(), StandardCharsets.UTF_8))
                .endsWith(
                        "-cp\n"
                                + "/app/resources.jar:/app/classes.jar:/app/lib/b-1.0.jar:/app/lib/own-0.1.0-SNAPSHOT.jar:/app/lib/a-1.0.jar\n"
                                + "io.example.Main\n");
        assertThat(image.config().path("config").path("Entrypoint").toString())
                .isEqualTo("[\"/opt/java/openjdk/bin/java\",\"@/app/run.args\"]");
    }

    @Test
    void theImageSaysWhatItIsAndRunsAsNobodyInParticular() throws Exception {
        ImageArchive image = build("image.tar");
        assertThat(image.manifest().path("RepoTags").toString()).isEqualTo("[\"blog/api:v2.0.0\"]");
        assertThat(image.config().path("config").path("User").asText()).isEqualTo("65532:65532");
        assertThat(image.config().path("config").path("Env").toString())
                .contains("BLOG_VERSION=v2");
        assertThat(image.config().path("config").path("ExposedPorts").has("8080/tcp")).isTrue();
        assertThat(
                        image.config()
                                .path("config")
                                .path("Labels")
                                .path("org.opencontainers.image.version")
                                .asText())
                .isEqualTo("0.1.0-SNAPSHOT");
        assertThat(image.config().path("created").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(image.layers().stream().flatMap(List::stream))
                .allSatisfy(entry -> {
                    assertThat(entry.uid()).isZero();
                    assertThat(entry.mode() & 0022).as(entry.name()).isZero();
                });
    }

    @Test
    void theSameInputGivesTheSameArchiveByteForByte() throws Exception {
        build("first.tar");
        build("second.tar");
        assertThat(Files.mismatch(folder.resolve("first.tar"), folder.resolve("second.tar")))
                .isEqualTo(-1);
    }

    @Test
    void anotherClassChangesTheLastLayerAlone() throws Exception {
        ImageArchive before = build("before.tar");
        jar =
                jar(
                        "changed.jar",
                        Map.of(
                                "BOOT-INF/classes/io/example/Main.class", "another",
                                "BOOT-INF/classes/application.yaml", "yaml",
                                "BOOT-INF/lib/b-1.0.jar", "b",
                                "BOOT-INF/lib/a-1.0.jar", "a",
                                "BOOT-INF/lib/own-0.1.0-SNAPSHOT.jar", "own",
                                "META-INF/sbom/application.cdx.json", "{}",
                                "BOOT-INF/classpath.idx", "- \"BOOT-INF/lib/b-1.0.jar\"\n"));
        ImageArchive after = build("after.tar");
        for (int layer = 0; layer < 3; layer++) {
            assertThat(after.manifest().path("Layers").get(layer))
                    .isEqualTo(before.manifest().path("Layers").get(layer));
        }
        assertThat(after.manifest().path("Layers").get(3))
                .isNotEqualTo(before.manifest().path("Layers").get(3));
    }

    @Test
    void aJarThatIsMissingOrNotExecutableIsNamed() throws IOException {
        Path missing = folder.resolve("none.jar");
        assertThatThrownBy(() -> BootArchive.unpack(missing, folder.resolve("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.jar is missing");
        Path plain = folder.resolve("plain.jar");
        try (OutputStream file = Files.newOutputStream(plain)) {
            new JarOutputStream(file, manifest(null)).close();
        }
        assertThatThrownBy(() -> BootArchive.unpack(plain, folder.resolve("b")))
                .hasMessageContaining("Start-Class");
    }

    @Test
    void anEntryThatLeadsOutOfTheArchiveIsRefused() throws IOException {
        Path evil = jar("evil.jar", Map.of("BOOT-INF/lib/../../../evil.sh", "x"));
        assertThatThrownBy(() -> BootArchive.unpack(evil, folder.resolve("c")))
                .hasMessageContaining("evil.sh");
        assertThat(folder.resolve("evil.sh")).doesNotExist();
    }

    @Test
    void theLibrariesOfASystemAreReadFromLddWithTheLoaderAndWithoutTheKernels() {
        String ldd =
                """
                \tlinux-vdso.so.1 (0x00007ffc2f1f0000)
                \tlibjli.so => not found
                \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0a1c000000)
                \t/lib64/ld-linux-x86-64.so.2 (0x00007f0a1c400000)
                """;
        assertThat(LocalRuntime.needed(ldd))
                .containsExactly(
                        Path.of("/lib/x86_64-linux-gnu/libc.so.6"),
                        Path.of("/lib64/ld-linux-x86-64.so.2"));
    }

    private ImageArchive build(String name) throws Exception {
        Path work = Files.createTempDirectory(folder, "work");
        Path archive = folder.resolve(name);
        BaseImage base = BaseImage.of(BaseImage.SCRATCH, Path.of(System.getProperty("java.home")));
        new ImageBuilder(base, List.of(), null, TIME, "0.1.0-SNAPSHOT", work)
                .build(IMAGE, jar, archive);
        return ImageArchive.read(archive);
    }

    private static List<String> entries(ImageArchive.Entry jar) throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar.content()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    private Path jar(String name, Map<String, String> entries) throws IOException {
        Path file = folder.resolve(name);
        try (JarOutputStream out =
                new JarOutputStream(Files.newOutputStream(file), manifest("io.example.Main"))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static Manifest manifest(@org.jspecify.annotations.Nullable String startClass) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (startClass != null) {
            manifest.getMainAttributes().putValue("Start-Class", startClass);
        }
        return manifest;
    }
}
