package io.weft.compiler.dialect.istio;

import io.weft.model.Origin;
import io.weft.model.telemetry.AccessLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item of a Telemetry resource's {@code accessLogging}.
 *
 * @param side null is both
 * @param providers none means those of the wider scope
 * @param format null is the provider's
 */
record LogRule(
        AccessLog.@Nullable Side side,
        boolean disabled,
        List<TelemetryReader.LogProvider> providers,
        AccessLog.@Nullable Format format,
        String filter,
        Origin origin) {

    LogRule {
        providers = List.copyOf(providers);
    }

    /**
     * The logs of a scope whose resource has rules; what they say of one side of a call leaves the
     * other side as the wider scope has it.
     */
    static List<AccessLog> over(List<AccessLog> wider, List<LogRule> rules) {
        List<AccessLog> client = ofSide(AccessLog.Side.CLIENT, wider, rules);
        List<AccessLog> server = ofSide(AccessLog.Side.SERVER, wider, rules);
        List<AccessLog> logs = new ArrayList<>();
        for (AccessLog log : client) {
            logs.add(log.of(server.contains(log) ? null : AccessLog.Side.CLIENT));
        }
        server.stream()
                .filter(log -> !client.contains(log))
                .forEach(log -> logs.add(log.of(AccessLog.Side.SERVER)));
        return logs;
    }

    /** As if there were this side alone. */
    private static List<AccessLog> ofSide(
            AccessLog.Side side, List<AccessLog> wider, List<LogRule> rules) {
        List<AccessLog> inherited =
                wider.stream().filter(log -> log.includes(side)).map(log -> log.of(null)).toList();
        List<LogRule> concerned =
                rules.stream().filter(rule -> rule.side == null || rule.side == side).toList();
        if (concerned.isEmpty()) {
            return inherited;
        }
        return concerned.stream()
                .filter(rule -> !rule.disabled)
                .flatMap(rule -> rule.logs(inherited).stream())
                .toList();
    }

    private List<AccessLog> logs(List<AccessLog> inherited) {
        if (!providers.isEmpty()) {
            return providers.stream()
                    .map(provider -> log(provider.destination(), provider.format()))
                    .toList();
        }
        return inherited.isEmpty()
                ? List.of(
                        log(
                                TelemetryReader.STDOUT,
                                new AccessLog.Format.Text(TelemetryReader.DEFAULT_LINE)))
                : inherited.stream().map(log -> log(log.provider(), log.format())).toList();
    }

    private AccessLog log(String destination, AccessLog.Format usual) {
        return new AccessLog(destination, format == null ? usual : format, filter, origin);
    }
}
