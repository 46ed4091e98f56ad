package io.weft.cli.policy;

import io.weft.cli.proxy.ProxyPicture;
import io.weft.cli.proxy.ProxySource;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.cli.shell.TextTable;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What keeps a proxy from its upstreams, as Consul's users ask. */
@Command(
        name = "troubleshoot",
        description = "Find what keeps a proxy from those that it calls.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class TroubleshootCommand extends CommandGroup {

    @Command(
            name = "upstreams",
            description = "The destinations that a proxy has asked for, and their endpoints.",
            mixinStandardHelpOptions = true)
    int upstreams(@Mixin ProxySource source, @Mixin OutputOption output) {
        ProxyPicture picture = source.picture();
        TreeSet<String> names = new TreeSet<>();
        picture.all(RouteTable.class).forEach(each -> names.add(each.name()));
        picture.all(UnknownHost.class).forEach(each -> names.add(each.name()));
        List<Map<String, Object>> found = new ArrayList<>();
        for (String name : names) {
            UpstreamChecks checks = UpstreamChecks.of(picture, name);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("upstream", name);
            one.put("clusters", checks.clusters().size());
            one.put("endpoints", checks.endpoints());
            found.add(one);
        }
        TextTable table = new TextTable("UPSTREAM", "CLUSTERS", "ENDPOINTS");
        found.forEach(each -> table.row(each.values().toArray()));
        output.show(line().getOut(), () -> found, table::lines);
        return ExitCodes.OK;
    }

    @Command(
            name = "proxy",
            description = {
                "Check certificate, configuration, and of each upstream route, cluster, endpoints.",
                "Exit code 1 when something is wrong."
            },
            mixinStandardHelpOptions = true)
    int proxy(
            @Mixin ProxySource source,
            @Mixin OutputOption output,
            @Option(
                            names = "--upstream",
                            defaultValue = "",
                            paramLabel = "HOST:PORT",
                            description = "Only this one (default: all that it has asked for).")
                    String upstream) {
        ProxyPicture picture = source.picture();
        List<UpstreamChecks.Check> checks =
                new ArrayList<>(UpstreamChecks.ofProxy(picture, InstantSource.system().instant()));
        TreeSet<String> names = new TreeSet<>();
        if (upstream.isEmpty()) {
            picture.all(RouteTable.class).forEach(each -> names.add(each.name()));
            picture.all(UnknownHost.class).forEach(each -> names.add(each.name()));
        } else {
            names.add(upstream);
        }
        names.forEach(name -> checks.addAll(UpstreamChecks.of(picture, name).checks()));
        output.show(line().getOut(), () -> checks, () -> lines(checks));
        return checks.stream().allMatch(UpstreamChecks.Check::good)
                ? ExitCodes.OK
                : ExitCodes.DIFFERENT;
    }

    private static List<String> lines(List<UpstreamChecks.Check> checks) {
        List<String> lines = new ArrayList<>();
        for (UpstreamChecks.Check each : checks) {
            lines.add((each.good() ? "✓ " : "! ") + each.text());
            if (!each.mend().isEmpty()) {
                lines.add("  -> " + each.mend());
            }
        }
        return lines;
    }
}
