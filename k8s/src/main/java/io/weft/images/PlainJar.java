package io.weft.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * A folder as a jar: an ahead-of-time cache wants archives on the class path, never folders. The
 * same files give the same bytes. Nothing is compressed, since layers are.
 */
final class PlainJar {

    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private PlainJar() {}

    /** Entries for folders are in it, too: whoever searches the class path asks for them. */
    static void write(Path folder, Path jar) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.filter(each -> !each.equals(folder)).sorted().toList();
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (Path each : all) {
                boolean isFolder = Files.isDirectory(each);
                String name = folder.relativize(each).toString().replace('\\', '/');
                JarEntry entry = new JarEntry(isFolder ? name + "/" : name);
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                if (!isFolder) {
                    Files.copy(each, out);
                }
                out.closeEntry();
            }
        }
    }
}
