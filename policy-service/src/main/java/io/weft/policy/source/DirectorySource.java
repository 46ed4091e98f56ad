package io.weft.policy.source;

import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The YAML files below a directory, looked at again and again. Symbolic links are not followed. */
public final class DirectorySource implements PolicySource {

    private static final long MAX_FILE = 4L * 1024 * 1024;

    private final Path root;
    private final Duration interval;
    private final InstantSource clock;
    private final ScheduledExecutorService reader =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("weft-policy-directory").daemon().factory());
    private @Nullable List<String> fingerprint;
    private volatile SourceStatus status;

    public DirectorySource(Path root, Duration interval, InstantSource clock) {
        this.root = root;
        this.interval = interval;
        this.clock = clock;
        this.status = new SourceStatus("directory " + root, null, "");
    }

    @Override
    public void start(BundleSink sink) {
        reader.scheduleWithFixedDelay(
                () -> look(sink), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(BundleSink sink) {
        Instant now = clock.instant();
        try {
            List<Path> files = files();
            List<String> seen = fingerprint(files);
            if (!seen.equals(fingerprint)) {
                sink.offer(read(files));
                fingerprint = seen;
            }
            status = new SourceStatus("directory " + root, now, "");
        } catch (IOException e) {
            status =
                    new SourceStatus(
                            "directory " + root, status.lastSuccess(), StateDirectory.reason(e));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(DirectorySource::isPolicy)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isPolicy(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml")
                || name.endsWith(".yml")
                || name.endsWith(".json")
                || name.endsWith(".hcl");
    }

    private static List<String> fingerprint(List<Path> files) throws IOException {
        List<String> seen = new ArrayList<>();
        for (Path file : files) {
            seen.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
        return seen;
    }

    private PolicyBundle read(List<Path> files) throws IOException {
        List<PolicyBundle.PolicyFile> read = new ArrayList<>();
        List<PolicyBundle.SkippedFile> skipped = new ArrayList<>();
        for (Path file : files) {
            String path = root.relativize(file).toString();
            if (Files.size(file) > MAX_FILE) {
                skipped.add(new PolicyBundle.SkippedFile(path, "larger than 4 MiB"));
                continue;
            }
            try {
                read.add(new PolicyBundle.PolicyFile(path, Files.readString(file)));
            } catch (MalformedInputException e) {
                skipped.add(new PolicyBundle.SkippedFile(path, "not UTF-8"));
            }
        }
        return new PolicyBundle("", "", "", "", "", read, skipped);
    }

    @Override
    public SourceStatus status() {
        return status;
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
