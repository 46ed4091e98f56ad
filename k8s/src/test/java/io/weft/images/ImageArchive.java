package io.weft.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An archive as {@code docker load} takes it, read. */
record ImageArchive(JsonNode manifest, JsonNode config, List<List<Entry>> layers) {

    /** A file or folder of a layer. */
    record Entry(
            String name, int mode, long uid, long seconds, boolean directory, byte[] content) {}

    static ImageArchive read(Path file) throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        try (InputStream content = Files.newInputStream(file)) {
            entries(content).forEach(entry -> parts.put(entry.name(), entry.content()));
        }
        ObjectMapper mapper = new ObjectMapper();
        JsonNode manifest = mapper.readTree(parts.get("manifest.json")).get(0);
        JsonNode config = mapper.readTree(parts.get(manifest.path("Config").asText()));
        List<List<Entry>> layers = new ArrayList<>();
        for (JsonNode layer : manifest.path("Layers")) {
            layers.add(
                    entries(
                            new GZIPInputStream(
                                    new ByteArrayInputStream(parts.get(layer.asText())))));
        }
        return new ImageArchive(manifest, config, layers);
    }

    private static List<Entry> entries(InputStream content) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(content)) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                entries.add(
                        new Entry(
                                entry.getName(),
                                entry.getMode(),
                                entry.getLongUserId(),
                                entry.getLastModifiedTime().toInstant().getEpochSecond(),
                                entry.isDirectory(),
                                tar.readAllBytes()));
            }
        }
        return entries;
    }

    /** Names of the files of a layer. */
    List<String> files(int layer) {
        return layers.get(layer).stream()
                .filter(each -> !each.directory())
                .map(Entry::name)
                .toList();
    }

    /** The file of that name in any layer. */
    Entry file(String name) {
        return layers.stream()
                .flatMap(List::stream)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Writes what a container would see. */
    void unpack(Path root) throws IOException {
        for (List<Entry> layer : layers) {
            for (Entry entry : layer) {
                Path target = root.resolve(entry.name());
                if (entry.directory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.write(target, entry.content());
                    Files.setLastModifiedTime(
                            target, FileTime.from(Instant.ofEpochSecond(entry.seconds())));
                    if (!target.toFile().setExecutable((entry.mode() & 0111) != 0, false)) {
                        throw new IOException(target + ": the mode cannot be set");
                    }
                }
            }
        }
    }
}
