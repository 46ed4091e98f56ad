package io.weft.cli.live;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which requests a tap tells. */
final class TapFilter {

    @Option(
            names = {"-n", "--namespace"},
            description = "The resource's namespace (default: any).")
    private String namespace = "";

    @Option(names = "--method", description = "Only this method.")
    private String method = "";

    @Option(names = "--path", description = "Only paths that begin so.")
    private String path = "";

    @Option(names = "--authority", description = "Only this authority.")
    private String authority = "";

    @Option(
            names = "--max-rps",
            description = "At most so many a second of each proxy (default: ${DEFAULT-VALUE}).",
            defaultValue = "100")
    private int perSecond = 100;

    String namespace() {
        return namespace;
    }

    int perSecond() {
        return perSecond;
    }

    /** The body of {@code POST /api/v1/tap}. */
    Map<String, Object> asked(LiveResource whom, String direction) {
        boolean all = whom.kind().equals("namespace");
        Map<String, Object> asked = new TreeMap<>();
        asked.put("kind", whom.kind());
        asked.put("namespace", all ? whom.name() : namespace);
        asked.put("name", all ? "" : whom.name());
        asked.put("method", method);
        asked.put("path", path);
        asked.put("authority", authority);
        asked.put("direction", direction);
        asked.put("perSecond", perSecond);
        return asked;
    }
}
