package io.weft.policy.secrets;

import io.weft.model.Secret;
import io.weft.model.resource.Certificate;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code NAMESPACE/NAME/tls.crt}, {@code tls.key} and, for client certificates, {@code ca.crt} below a
 * directory; looked at again and again. One that is not usable keeps its last good form.
 */
public final class DirectoryCertificates implements CertificateStore {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryCertificates.class);

    private final Path root;
    private final ScheduledExecutorService reader =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("weft-certificates").daemon().factory());
    private final LastGoodCertificates certificates = new LastGoodCertificates();
    private volatile Runnable changed = () -> {};

    /** Reads the directory at once, then at every interval. */
    public DirectoryCertificates(Path root, Duration interval) {
        this.root = root;
        look();
        reader.scheduleWithFixedDelay(
                this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public @Nullable Certificate find(String name) {
        return certificates.find(name);
    }

    @Override
    public void onChange(Runnable listener) {
        changed = listener;
    }

    private void look() {
        Map<String, Certificate> found = new HashMap<>();
        for (Path namespace : directories(root)) {
            for (Path credential : directories(namespace)) {
                String name = namespace.getFileName() + "/" + credential.getFileName();
                Certificate read = read(name, credential);
                if (read != null) {
                    found.put(name, read);
                }
            }
        }
        if (certificates.replace(found)) {
            changed.run();
        }
    }

    private @Nullable Certificate read(String name, Path directory) {
        try {
            Certificate read =
                    new Certificate(
                            name,
                            text(directory.resolve("tls.crt")),
                            new Secret(text(directory.resolve("tls.key"))),
                            text(directory.resolve("ca.crt")));
            return read.chainPem().isEmpty() && read.caPem().isEmpty()
                    ? null
                    : certificates.usable(read);
        } catch (IOException e) {
            return certificates.unreadable(name, StateDirectory.reason(e));
        }
    }

    private static String text(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readString(file) : "";
    }

    private static List<Path> directories(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory)
                    .filter(each -> !each.getFileName().toString().startsWith("."))
                    .toList();
        } catch (IOException e) {
            LOG.error("certificates: {} cannot be read: {}", parent, StateDirectory.reason(e));
            return List.of();
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
