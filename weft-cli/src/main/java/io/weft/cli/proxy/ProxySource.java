package io.weft.cli.proxy;

import io.weft.cli.control.AdminPort;
import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.control.ProxyName;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Which proxy is looked at, and who tells of it: the control plane, the proxy itself, or a file.
 */
public final class ProxySource {

    @Parameters(
            arity = "0..1",
            paramLabel = "PROXY",
            description =
                    "NAME.NAMESPACE, NAMESPACE/WORKLOAD, pod/NAME or deploy/NAME: what the control"
                            + " plane has for it.")
    private String proxy = "";

    @Option(
            names = {"-n", "--namespace"},
            description = "Of PROXY, where it names none.")
    private String namespace = "";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description =
                    "Ask the proxy itself at its administration port, as http://127.0.0.1:15000:"
                            + " what it has, and how its endpoints do.")
    private @Nullable URI admin;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Read a proxy's /config_dump from a file; '-' is standard input.")
    private String file = "";

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    /** Looks at it. */
    public ProxyPicture picture() {
        URI port = admin;
        if (port != null) {
            return live(new AdminPort(port));
        }
        if (!file.isEmpty()) {
            return ProxyPicture.ofDump(dump(), MissingNode.getInstance());
        }
        if (proxy.isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.USAGE, "PROXY: none (expected: a proxy, --admin URL or --file FILE)");
        }
        ControlPlane control = controlPlane.reader();
        return of(control, ProxyName.parse(proxy, namespace).find(control.workloads()));
    }

    /** What the control plane has for one of its workloads. */
    public static ProxyPicture of(ControlPlane control, JsonNode workload) {
        JsonNode all =
                control.config(
                        workload.path("namespace").asString(""),
                        workload.path("workload").asString(""));
        return ProxyPicture.of(workload, all.path(workload.path("instance").asString("")));
    }

    private static ProxyPicture live(AdminPort port) {
        return ProxyPicture.ofDump(port.get("/config_dump"), MissingNode.getInstance())
                .with(port.get("/clusters"), port.get("/listeners"), port.get("/certs"));
    }

    private JsonNode dump() {
        try {
            byte[] text =
                    file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
            JsonNode dump = JsonMapper.shared().readTree(text);
            if (dump.path("resources").isObject()) {
                return dump;
            }
        } catch (IOException e) {
            throw new CommandProblem(ExitCodes.BAD_DATA, file + ": cannot be read");
        } catch (JacksonException e) {
            // Told below.
        }
        throw new CommandProblem(
                ExitCodes.BAD_DATA, file + ": is no dump (expected: a proxy's /config_dump)");
    }
}
