package io.weft.cli.live;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.TableFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Requests as they end, with what decided their fate. */
@Command(
        name = "tap",
        description = "Follow requests as they end, with the line that decided their fate.",
        mixinStandardHelpOptions = true)
public final class TapCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "RESOURCE",
            description = "deploy/NAME, svc/NAME, pod/NAME or ns/NAME.")
    private String resource = "";

    @Mixin private final TapFilter filter = new TapFilter();

    @Option(names = "--direction", description = "Only inbound, or only outbound.")
    private String direction = "";

    @Option(names = "--header", description = "Tell this request header, too; may be repeated.")
    private List<String> headers = List.of();

    @Option(
            names = {"-o", "--output"},
            description = "short, or json: one object a line (default: ${DEFAULT-VALUE}).",
            defaultValue = "short")
    private TableFormat format = TableFormat.SHORT;

    @Mixin private final ControlPlaneOption control = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        LiveResource whom = LiveResource.parse(resource);
        Map<String, Object> asked = filter.asked(whom, direction);
        asked.put("headers", headers);
        PrintWriter out = spec.commandLine().getOut();
        control.operator()
                .follow(
                        "/api/v1/tap",
                        asked,
                        line -> {
                            out.println(
                                    format == TableFormat.JSON ? line.toString() : readable(line));
                            out.flush();
                        });
        return ExitCodes.OK;
    }

    static String readable(JsonNode line) {
        JsonNode fate = line.path("fate");
        JsonNode edge = line.path("edge");
        StringBuilder text =
                new StringBuilder("req id=")
                        .append(line.path("number").asLong(0))
                        .append(" proxy=")
                        .append(edge.path("inbound").asBoolean(false) ? "in " : "out")
                        .append(" src=")
                        .append(Fate.party(edge.path("source")))
                        .append(" dst=")
                        .append(Fate.party(edge.path("target")))
                        .append(" tls=")
                        .append(edge.path("mutualTls").asBoolean(false));
        append(text, ":method", fate.path("method").asString(""));
        append(text, ":authority", fate.path("authority").asString(""));
        append(text, ":path", fate.path("path").asString(""));
        text.append(" :status=").append(fate.path("status").asInt(0));
        if (fate.path("grpc").asInt(-1) >= 0) {
            text.append(" grpc-status=").append(fate.path("grpc").asInt(-1));
        }
        append(text, "flags", fate.path("flags").asString("-").replaceFirst("^-$", ""));
        text.append(" duration=").append(fate.path("durationMicros").asLong(0)).append("µs");
        text.append(" response-length=").append(fate.path("sent").asLong(0)).append('B');
        for (JsonNode header : fate.path("headers")) {
            text.append(" [").append(Fate.printable(header.asString(""))).append(']');
        }
        append(text, "decided-by", '"' + line.path("decidedBy").asString("") + '"');
        return text.toString().replace(" decided-by=\"\"", "");
    }

    private static void append(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(' ').append(name).append('=').append(Fate.printable(value));
        }
    }
}
