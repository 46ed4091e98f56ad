package io.weft.cli.proxy;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.TableFormat;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Which proxy has acknowledged what. */
@Command(
        name = "proxy-status",
        aliases = "ps",
        description = "Tell for each proxy whether it has the configuration in force.",
        mixinStandardHelpOptions = true)
public final class ProxyStatusCommand implements Callable<Integer> {

    private static final int SHORT_COMMIT = 8;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROXY",
            description = "Only this one, by NAME or NAME.NAMESPACE.")
    private String proxy = "";

    @Option(
            names = {"-o", "--output"},
            description = "short or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "short")
    private TableFormat format = TableFormat.SHORT;

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode rollout = controlPlane.reader().workloads();
        PrintWriter out = spec.commandLine().getOut();
        if (format == TableFormat.JSON) {
            out.println(rollout.toPrettyString());
            return ExitCodes.OK;
        }
        TextTable table =
                new TextTable(
                        "NAME", "VERSION", "IDENTITY", "CONFIG", "COMMIT", "RESOURCES", "REFUSED");
        int shown = 0;
        for (JsonNode each : rollout) {
            String name = each.path("instance").asString("");
            String full = name + "." + each.path("namespace").asString("");
            if (proxy.isEmpty() || proxy.equals(name) || proxy.equals(full)) {
                shown++;
                table.row(
                        full,
                        each.path("labels").path("version").asString("-"),
                        each.path("identity").asString(""),
                        state(each),
                        shorten(each.path("acknowledgedCommit").asString("")),
                        each.path("resources").asInt(0),
                        each.path("refusal").path("reason").asString("-"));
            }
        }
        if (!proxy.isEmpty() && shown == 0) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    proxy
                            + ": no such proxy (expected: one of those that weft proxy-status lists)");
        }
        table.lines().forEach(out::println);
        return ExitCodes.OK;
    }

    private static String state(JsonNode instance) {
        if (instance.path("acknowledgedRevision").asString("").isEmpty()) {
            return "NOT SENT";
        }
        boolean synced =
                instance.path("connected").asBoolean(false)
                        && instance.path("inSync").asBoolean(false);
        return synced ? "SYNCED" : "STALE";
    }

    private static String shorten(String commit) {
        return commit.length() > SHORT_COMMIT ? commit.substring(0, SHORT_COMMIT) : commit;
    }
}
