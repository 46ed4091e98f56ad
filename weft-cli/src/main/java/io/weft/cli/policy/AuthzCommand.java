package io.weft.cli.policy;

import io.weft.cli.proxy.ProxyPicture;
import io.weft.cli.proxy.ProxySource;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Authorisation as a proxy enforces it. */
@Command(
        name = "authz",
        description = "Look at authorisation as a proxy enforces it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class AuthzCommand extends CommandGroup {

    @Command(
            name = "check",
            description = {
                "List the policies that a proxy enforces, in the order in which they are asked.",
                "A policy of another dialect than Istio's has its kind before its name."
            },
            mixinStandardHelpOptions = true)
    int check(
            @Mixin ProxySource source,
            @Mixin OutputOption output,
            @Option(names = "--port", defaultValue = "0", description = "Only of this port.")
                    int port,
            @Option(names = "--where", description = "Tell file:line and ports, too.")
                    boolean where) {
        ProxyPicture picture = source.picture();
        List<EnforcedPolicy> policies = EnforcedPolicy.of(picture, port);
        PrintWriter out = line().getOut();
        if (output.isStructured()) {
            output.print(out, policies);
            return ExitCodes.OK;
        }
        if (policies.isEmpty()) {
            line().getErr().println(picture.name() + ": no policy holds; everything is allowed");
        }
        TextTable table =
                where
                        ? new TextTable("ACTION", "AuthorizationPolicy", "RULES", "PORTS", "WHERE")
                        : new TextTable("ACTION", "AuthorizationPolicy", "RULES");
        for (EnforcedPolicy each : policies) {
            if (where) {
                table.row(
                        each.action(),
                        each.label(),
                        each.rules(),
                        each.portText(),
                        each.file() + ":" + each.line());
            } else {
                table.row(each.action(), each.label(), each.rules());
            }
        }
        table.lines().forEach(out::println);
        return ExitCodes.OK;
    }
}
