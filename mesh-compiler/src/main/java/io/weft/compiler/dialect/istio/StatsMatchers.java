package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.telemetry.StatSelection;
import java.util.List;
import java.util.Optional;

/** {@code proxyStatsMatcher}: which of Envoy's statistics a proxy shall serve. */
final class StatsMatchers {

    private StatsMatchers() {}

    /** Regular expressions that cannot be read are reported and left out. */
    static StatSelection read(Field matcher) {
        StatSelection selection =
                new StatSelection(
                        matcher.get("inclusionPrefixes").textItems(),
                        matcher.get("inclusionSuffixes").textItems(),
                        expressions(matcher.get("inclusionRegexps")),
                        matcher.get("exclusionPrefixes").textItems(),
                        matcher.get("exclusionSuffixes").textItems(),
                        expressions(matcher.get("exclusionRegexps")));
        int asked =
                selection.prefixes().size()
                        + selection.suffixes().size()
                        + selection.regexps().size();
        matcher.info(
                Code.UNDERSTOOD,
                asked == 0
                        ? "asks for none of the statistics of clusters; the istio_* metrics and the"
                                + " proxy's own are always served"
                        : "the statistics of clusters whose names in Envoy match are served as"
                                + " envoy_cluster_* beside the istio_* metrics; docs/telemetry.md"
                                + " lists those that there are");
        return selection;
    }

    private static List<String> expressions(Field list) {
        return list.items().stream().map(Field::regex).flatMap(Optional::stream).toList();
    }
}
