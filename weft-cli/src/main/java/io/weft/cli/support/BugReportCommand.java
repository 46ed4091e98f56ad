package io.weft.cli.support;

import io.weft.cli.control.AdminPort;
import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** One archive with what somebody needs who shall find out what is wrong. */
@Command(
        name = "bug-report",
        description = {
            "Write one archive: versions, status, diagnostics, configuration, traffic in sums.",
            "Keys, tokens and passwords are left out, and so are single requests."
        },
        mixinStandardHelpOptions = true)
public final class BugReportCommand implements Callable<Integer> {

    private static final List<String> DOCUMENTS =
            List.of("status", "workloads", "services", "diagnostics", "commits", "graph", "loads");
    private static final List<String> ADMIN_PAGES =
            List.of("config_dump", "listeners", "clusters", "routes", "certs");

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Where to (default: weft-bug-report-TIME.zip here).")
    private @Nullable Path file;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "Also what this proxy tells at its administration port; may be repeated.")
    private List<URI> admin = new ArrayList<>();

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    private final InstantSource clock = InstantSource.system();
    private final List<String> missing = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Path named = file;
        Path target =
                named != null
                        ? named
                        : Path.of("weft-bug-report-" + now.toString().replace(":", "") + ".zip");
        try (ZipOutputStream archive = new ZipOutputStream(Files.newOutputStream(target))) {
            write(archive, now);
        } catch (IOException e) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA, target + ": cannot be written: " + e.getMessage());
        }
        missing.forEach(each -> spec.commandLine().getErr().println("left out: " + each));
        spec.commandLine().getOut().println(target);
        return ExitCodes.OK;
    }

    private void write(ZipOutputStream archive, Instant now) throws IOException {
        ControlPlane control = controlPlane.reader();
        add(archive, "versions.txt", versions(control, now));
        for (String document : DOCUMENTS) {
            json(archive, document, () -> control.get("/api/v1/" + document));
        }
        TreeSet<String> workloads = new TreeSet<>();
        try {
            control.workloads()
                    .forEach(each ->
                            workloads.add(
                                    each.path("namespace").asString("")
                                            + "/"
                                            + each.path("workload").asString("")));
        } catch (CommandProblem e) {
            // Said already.
        }
        for (String workload : workloads) {
            String[] parts = workload.split("/", 2);
            json(archive, "config/" + workload, () -> control.config(parts[0], parts[1]));
        }
        for (URI url : admin) {
            AdminPort port = new AdminPort(url);
            String name = "proxy/" + url.getHost() + "-" + url.getPort() + "/";
            for (String page : ADMIN_PAGES) {
                json(archive, name + page, () -> port.get("/" + page));
            }
            text(archive, name + "metrics.txt", () -> port.text("/stats/prometheus"));
        }
        add(archive, "left-out.txt", String.join("\n", missing) + "\n");
    }

    private String versions(ControlPlane control, Instant now) {
        return "written "
                + now
                + "\nweft "
                + version()
                + "\njava "
                + Runtime.version()
                + "\nsystem "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch")
                + "\ncontrol plane "
                + control.url().getScheme()
                + "://"
                + control.url().getHost()
                + ":"
                + control.url().getPort()
                + "\n";
    }

    private String version() {
        return spec.root().version().length > 0 ? spec.root().version()[0] : "unknown";
    }

    private void json(ZipOutputStream archive, String name, Supplier<JsonNode> document)
            throws IOException {
        text(archive, name + ".json", () -> Redaction.of(document.get()).toPrettyString() + "\n");
    }

    private void text(ZipOutputStream archive, String name, Supplier<String> content)
            throws IOException {
        String text;
        try {
            text = content.get();
        } catch (CommandProblem e) {
            missing.add(name + ": " + e.getMessage());
            return;
        }
        add(archive, name, text);
    }

    private static void add(ZipOutputStream archive, String name, String text) throws IOException {
        archive.putNextEntry(new ZipEntry("weft-bug-report/" + name));
        archive.write(text.getBytes(StandardCharsets.UTF_8));
        archive.closeEntry();
    }
}
