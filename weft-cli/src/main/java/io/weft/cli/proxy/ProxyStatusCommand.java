package io.weft.cli.proxy;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.control.ProxyName;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.StructuredText;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which proxy has acknowledged what. */
@Command(
        name = "proxy-status",
        aliases = "ps",
        description = "Tell for each proxy whether it has the configuration in force.",
        mixinStandardHelpOptions = true)
public final class ProxyStatusCommand implements Callable<Integer> {

    private static final int SHORT_COMMIT = 8;

    /** How it is printed. */
    enum Format {
        TABLE,
        SHORT,
        WIDE,
        JSON,
        YAML
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "PROXY",
            description = "Only this one: NAME, NAME.NAMESPACE, pod/NAME or deploy/NAME.")
    private String proxy = "";

    @Option(
            names = {"-n", "--namespace"},
            description = "Only proxies of this namespace.")
    private String namespace = "";

    @Option(
            names = "--verbosity",
            defaultValue = "0",
            description = "Above 0: how far each kind of configuration has come.")
    private int verbosity;

    @Option(
            names = {"-v", "--verbose"},
            description = "The same as --verbosity=1.")
    private boolean verbose;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description =
                    "table, wide (identity, commit, refusals), json or yaml (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private Format format = Format.TABLE;

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        ControlPlane control = controlPlane.reader();
        List<JsonNode> shown = asked(control.workloads());
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSON -> out.println(JsonMapper.shared().valueToTree(shown).toPrettyString());
            case YAML ->
                    out.println(
                            StructuredText.yaml(
                                    JsonMapper.shared().convertValue(shown, Object.class)));
            case WIDE -> wide(shown).lines().forEach(out::println);
            case TABLE, SHORT -> {
                String server = control.status().path("instance").asString("-");
                table(shown, server).lines().forEach(out::println);
                refusals(shown);
            }
        }
        return ExitCodes.OK;
    }

    private boolean isVerbose() {
        return verbose || verbosity > 0;
    }

    private List<JsonNode> asked(JsonNode workloads) {
        List<JsonNode> shown = new ArrayList<>();
        ProxyName name = proxy.isEmpty() ? null : ProxyName.parse(proxy, namespace);
        for (JsonNode each : workloads) {
            boolean here =
                    namespace.isEmpty() || namespace.equals(each.path("namespace").asString(""));
            if (here && (name == null || name.isFor(each))) {
                shown.add(each);
            }
        }
        if (name != null && shown.isEmpty()) {
            name.find(workloads);
        }
        return shown;
    }

    private TextTable table(List<JsonNode> shown, String server) {
        TreeSet<String> kinds = new TreeSet<>();
        shown.forEach(each -> kinds.addAll(each.path("types").propertyNames()));
        List<String> titles = new ArrayList<>(List.of("NAME", "CLUSTER"));
        if (isVerbose()) {
            titles.addAll(kinds);
        }
        titles.addAll(List.of("ISTIOD", "VERSION"));
        if (!isVerbose()) {
            titles.add("SUBSCRIBED TYPES");
        }
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (JsonNode each : shown) {
            List<Object> row = new ArrayList<>(List.of(name(each), orDash(each, "cluster")));
            if (isVerbose()) {
                kinds.forEach(kind -> row.add(state(each, kind)));
            }
            boolean connected = each.path("connected").asBoolean(false);
            row.add(connected ? server : "-");
            row.add(orDash(each, "version"));
            if (!isVerbose()) {
                row.add(subscribed(each));
            }
            table.row(row.toArray());
        }
        return table;
    }

    private static String subscribed(JsonNode each) {
        List<String> kinds = List.copyOf(each.path("types").propertyNames());
        return kinds.isEmpty() ? "0" : kinds.size() + " (" + String.join(",", kinds) + ")";
    }

    /** What a proxy has that nobody reaches is not known to be what it shall have. */
    private static String state(JsonNode each, String kind) {
        String state = each.path("types").path(kind).asString("NOT SENT");
        boolean connected = each.path("connected").asBoolean(false);
        return each.path("refusal").isObject() && state.equals("STALE")
                ? "ERROR"
                : connected || state.equals("NOT SENT") ? state : "STALE";
    }

    /** What the columns that people know have no room for. */
    private void refusals(List<JsonNode> shown) {
        for (JsonNode each : shown) {
            String reason = each.path("refusal").path("reason").asString("");
            if (!reason.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println(name(each) + " refuses its configuration: " + reason);
            }
        }
    }

    private static TextTable wide(List<JsonNode> shown) {
        TextTable table =
                new TextTable(
                        "NAME", "VERSION", "IDENTITY", "CONFIG", "COMMIT", "RESOURCES", "REFUSED");
        for (JsonNode each : shown) {
            table.row(
                    name(each),
                    orDash(each, "version"),
                    orDash(each, "identity"),
                    whole(each),
                    shorten(each.path("acknowledgedCommit").asString("")),
                    each.path("resources").asInt(0),
                    each.path("refusal").path("reason").asString("-"));
        }
        return table;
    }

    private static String name(JsonNode each) {
        return each.path("instance").asString("") + "." + each.path("namespace").asString("");
    }

    private static String whole(JsonNode instance) {
        if (instance.path("acknowledgedRevision").asString("").isEmpty()) {
            return "NOT SENT";
        }
        boolean synced =
                instance.path("connected").asBoolean(false)
                        && instance.path("inSync").asBoolean(false);
        return synced ? "SYNCED" : "STALE";
    }

    private static String orDash(JsonNode each, String name) {
        String text = each.path(name).asString("");
        return text.isEmpty() ? "-" : text;
    }

    private static String shorten(String commit) {
        return commit.length() > SHORT_COMMIT ? commit.substring(0, SHORT_COMMIT) : commit;
    }
}
