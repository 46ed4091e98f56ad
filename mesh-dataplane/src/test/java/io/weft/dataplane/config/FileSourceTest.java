package io.weft.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Await;
import io.weft.engine.MeshClock;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.UnknownHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {

    @TempDir Path directory;
    private final List<ResourceSet> applied = new CopyOnWriteArrayList<>();

    @Test
    void readsTheFileAgainWhenItChangesAndKeepsTheLastGoodOneWhenItIsBroken() throws Exception {
        Path file = directory.resolve("mesh.json");
        Files.writeString(file, document("1"));
        try (FileSource source = new FileSource(file, MeshClock.system())) {
            source.start(applied::add);
            Await.until("first", () -> applied.size() == 1);
            assertThat(applied.getFirst().revision()).isEqualTo("1");
            assertThat(applied.getFirst().resources())
                    .containsEntry(ResourceKeys.jwks("a"), new JwksSet("a", "{}"));

            Files.writeString(file, "{\"revision\":\"2\",\"resources\":[");
            Await.until("refused", () -> source.status().problem().contains("mesh.json"));
            assertThat(applied).hasSize(1);

            Files.writeString(file, document("3"));
            Await.until("mended", () -> applied.size() == 2);
            assertThat(applied.getLast().revision()).isEqualTo("3");
            assertThat(source.status().problem()).isEmpty();
        }
    }

    @Test
    void aDestinationThatIsNotInTheFileIsAnUnknownHost() throws Exception {
        Path file = directory.resolve("mesh.json");
        Files.writeString(file, document("1"));
        try (FileSource source = new FileSource(file, MeshClock.system())) {
            source.start(applied::add);
            source.want("nowhere:80");
            Await.until(
                    "answered",
                    () ->
                            !applied.isEmpty()
                                    && applied.getLast()
                                            .resources()
                                            .containsKey(ResourceKeys.routes("nowhere:80")));
            assertThat(applied.getLast().resources())
                    .containsEntry(
                            ResourceKeys.routes("nowhere:80"), new UnknownHost("nowhere:80"));
        }
    }

    private static String document(String revision) {
        return """
        {"revision":"%s","commit":"abc","resources":[{"type":"JwksSet","name":"a","json":"{}"}]}
        """
                .formatted(revision);
    }
}
