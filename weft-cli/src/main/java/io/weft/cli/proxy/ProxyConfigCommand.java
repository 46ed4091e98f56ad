package io.weft.cli.proxy;

import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a proxy has been told, with istioctl's columns. */
@Command(
        name = "proxy-config",
        aliases = "pc",
        description = {
            "Tell what a proxy has: clusters, listeners, routes, endpoints, secrets.",
            "From the control plane, from the proxy itself (--admin), or from a file."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class ProxyConfigCommand extends CommandGroup {

    private final InstantSource clock = InstantSource.system();

    @Command(
            name = "cluster",
            aliases = {"clusters", "c", "cds"},
            description = "Where requests may be sent.",
            mixinStandardHelpOptions = true)
    int cluster(
            @Mixin ProxySource source,
            @Mixin OutputOption output,
            @Option(names = "--fqdn", defaultValue = "", description = "Only of this host.")
                    String fqdn,
            @Option(names = "--port", defaultValue = "0", description = "Only this one.") int port,
            @Option(names = "--subset", defaultValue = "", description = "Only this one.")
                    String subset,
            @Option(
                            names = "--direction",
                            defaultValue = "",
                            description = "Only inbound, or only outbound.")
                    String direction) {
        if (!List.of("", "inbound", "outbound").contains(direction)) {
            throw new CommandProblem(
                    ExitCodes.USAGE,
                    "--direction: '" + direction + "' (expected: inbound or outbound)");
        }
        return show(new ClusterSection(fqdn, port, subset, direction), source, output);
    }

    @Command(
            name = "listener",
            aliases = {"listeners", "l", "lds"},
            description = "What it listens for.",
            mixinStandardHelpOptions = true)
    int listener(
            @Mixin ProxySource source,
            @Mixin OutputOption output,
            @Option(names = "--port", defaultValue = "0", description = "Only this one.") int port,
            @Option(
                            names = "--verbose",
                            arity = "0..1",
                            defaultValue = "true",
                            fallbackValue = "true",
                            description = "With matches and destinations (default: true).")
                    boolean verbose) {
        return show(new ListenerSection(port, verbose), source, output);
    }

    @Command(
            name = "route",
            aliases = {"routes", "r", "rds"},
            description = "The routes of the destinations that it has asked for.",
            mixinStandardHelpOptions = true)
    int route(
            @Mixin ProxySource source,
            @Mixin OutputOption output,
            @Option(names = "--name", defaultValue = "", description = "Only this table.")
                    String name,
            @Option(
                            names = "--verbose",
                            arity = "0..1",
                            defaultValue = "true",
                            fallbackValue = "true",
                            description = "Each route (default: true).")
                    boolean verbose) {
        return show(new RouteSection(name, verbose), source, output);
    }

    @Command(
            name = "endpoint",
            aliases = {"endpoints", "ep"},
            description = "Who answers for each cluster; with --admin also how they do.",
            mixinStandardHelpOptions = true)
    int endpoint(
            @Mixin ProxySource source,
            @Mixin OutputOption output,
            @Option(names = "--cluster", defaultValue = "", description = "Only of this one.")
                    String cluster,
            @Option(
                            names = "--status",
                            defaultValue = "",
                            description = "Only healthy, or only unhealthy.")
                    String status) {
        return show(new EndpointSection(cluster, status, false), source, output);
    }

    @Command(
            name = "eds",
            description = "Who answers for each cluster, and where they are.",
            mixinStandardHelpOptions = true)
    int eds(@Mixin ProxySource source, @Mixin OutputOption output) {
        return show(new EndpointSection("", "", true), source, output);
    }

    @Command(
            name = "secret",
            aliases = {"secrets", "s"},
            description = "Certificates that it shows, roots that it trusts; no keys.",
            mixinStandardHelpOptions = true)
    int secret(@Mixin ProxySource source, @Mixin OutputOption output) {
        return show(new SecretSection(clock), source, output);
    }

    @Command(
            name = "all",
            description = "All of it, one table below the other.",
            mixinStandardHelpOptions = true)
    int all(@Mixin ProxySource source, @Mixin OutputOption output) {
        return new AllSections(clock).show(source.picture(), output, line().getOut());
    }

    private int show(Section section, ProxySource source, OutputOption output) {
        ProxyPicture picture = source.picture();
        output.show(line().getOut(), () -> section.values(picture), () -> section.lines(picture));
        return ExitCodes.OK;
    }

    /** Every section of a proxy. */
    record AllSections(InstantSource clock) {

        List<Section> sections() {
            return List.of(
                    ClusterSection.ALL,
                    new ListenerSection(0, true),
                    new RouteSection("", true),
                    new SecretSection(clock),
                    new EndpointSection("", "", true));
        }

        int show(ProxyPicture picture, OutputOption output, PrintWriter out) {
            return show(sections(), picture, output, out);
        }

        static int show(
                List<Section> sections,
                ProxyPicture picture,
                OutputOption output,
                PrintWriter out) {
            if (output.isStructured()) {
                Map<String, Object> values = new LinkedHashMap<>();
                sections.forEach(each -> values.put(each.kind() + "s", each.values(picture)));
                output.print(out, values);
                return ExitCodes.OK;
            }
            List<String> blocks = new ArrayList<>();
            for (Section section : sections) {
                blocks.add(String.join(System.lineSeparator(), new Named(section).lines(picture)));
            }
            out.println(String.join(System.lineSeparator().repeat(2), blocks));
            return ExitCodes.OK;
        }
    }
}
