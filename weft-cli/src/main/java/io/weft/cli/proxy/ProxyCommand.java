package io.weft.cli.proxy;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.cli.shell.TextTable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Proxies as consul-k8s lists and reads them. */
@Command(
        name = "proxy",
        description = "List proxies, and read what one has; as consul-k8s does.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class ProxyCommand extends CommandGroup {

    @Command(
            name = "list",
            description = "All proxies, and whether they are sidecars or gateways.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin ControlPlaneOption controlPlane,
            @Mixin OutputOption output,
            @Option(
                            names = {"-n", "--namespace"},
                            defaultValue = "",
                            description = "Only of this one.")
                    String namespace) {
        List<Map<String, Object>> proxies = new ArrayList<>();
        for (JsonNode each : controlPlane.reader().workloads()) {
            if (namespace.isEmpty() || namespace.equals(each.path("namespace").asString(""))) {
                Map<String, Object> proxy = new LinkedHashMap<>();
                proxy.put("namespace", each.path("namespace").asString(""));
                proxy.put("name", each.path("instance").asString(""));
                proxy.put("type", each.path("gateway").asBoolean(false) ? "Gateway" : "Sidecar");
                proxies.add(proxy);
            }
        }
        TextTable table = new TextTable("Namespace", "Name", "Type");
        proxies.forEach(each -> table.row(each.values().toArray()));
        output.show(line().getOut(), () -> proxies, table::lines);
        return ExitCodes.OK;
    }

    @Command(
            name = "read",
            description = "What a proxy has; all of it, or the named parts.",
            mixinStandardHelpOptions = true)
    int read(
            @Mixin ProxySource source,
            @Mixin OutputOption output,
            @Option(names = "--clusters", description = "Where requests may be sent.")
                    boolean clusters,
            @Option(names = "--endpoints", description = "Who answers.") boolean endpoints,
            @Option(names = "--listeners", description = "What it listens for.") boolean listeners,
            @Option(names = "--routes", description = "Routes.") boolean routes,
            @Option(names = "--secrets", description = "Certificates.") boolean secrets) {
        boolean all = !(clusters || endpoints || listeners || routes || secrets);
        List<Section> sections = new ArrayList<>();
        if (all || clusters) {
            sections.add(ClusterSection.ALL);
        }
        if (all || endpoints) {
            sections.add(new EndpointSection("", "", false));
        }
        if (all || listeners) {
            sections.add(new ListenerSection(0, true));
        }
        if (all || routes) {
            sections.add(new RouteSection("", true));
        }
        if (all || secrets) {
            sections.add(new SecretSection(InstantSource.system()));
        }
        return ProxyConfigCommand.AllSections.show(
                sections, source.picture(), output, line().getOut());
    }
}
