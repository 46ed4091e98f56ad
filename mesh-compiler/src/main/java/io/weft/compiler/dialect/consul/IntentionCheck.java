package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.intention.Intention;
import io.weft.compiler.dialect.consul.intention.Precedence;
import io.weft.model.Origin;
import io.weft.model.authz.Effect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What only all intentions together show. */
final class IntentionCheck {

    private static final String TCP = "tcp";

    private IntentionCheck() {}

    static void run(
            List<Intention> intentions, boolean allow, Entries entries, Diagnostics diagnostics) {
        Map<ServiceName, List<Intention>> byDestination = new LinkedHashMap<>();
        for (Intention intention : intentions) {
            ServiceName destination =
                    new ServiceName(intention.destination(), intention.destinationNamespace());
            byDestination.computeIfAbsent(destination, d -> new ArrayList<>()).add(intention);
            boolean tcp = entries.protocol(destination).equals(TCP);
            if (tcp && !intention.permissions().isEmpty()) {
                report(
                        diagnostics,
                        Level.ERROR,
                        Code.CONTRADICTION,
                        intention.origin(),
                        "permissions on a TCP service",
                        "use action, or set protocol http in the ServiceDefaults of "
                                + destination.name());
            } else if (tcp && intention.token() != null) {
                report(
                        diagnostics,
                        Level.WARNING,
                        Code.INEFFECTIVE_POLICY,
                        intention.origin(),
                        "tokens are not looked for on a TCP service: the source alone decides",
                        "set protocol http in the ServiceDefaults of " + destination.name());
            }
        }
        byDestination.values().forEach(list -> reportSame(list, allow, diagnostics));
    }

    /** Those that say what holds anyhow, where no wider intention says something else. */
    private static void reportSame(List<Intention> list, boolean allow, Diagnostics diagnostics) {
        List<Intention> ordered = list.stream().sorted(Precedence.ORDER).toList();
        Set<Intention> single = new HashSet<>(Precedence.withoutSameSource(ordered));
        for (Intention intention : ordered) {
            if (!single.contains(intention)) {
                report(
                        diagnostics,
                        Level.WARNING,
                        Code.INEFFECTIVE_POLICY,
                        intention.origin(),
                        "another intention of the same source and destination holds: "
                                + intention.display(),
                        "remove one of the two");
            }
        }
        boolean nothing =
                Precedence.retained(ordered, allow ? Effect.ALLOW : Effect.DENY).isEmpty();
        if (nothing && !ordered.isEmpty()) {
            report(
                    diagnostics,
                    Level.INFO,
                    Code.UNDERSTOOD,
                    ordered.getFirst().origin(),
                    "the intentions for this destination say what holds by default ("
                            + (allow ? "allow" : "deny")
                            + ")",
                    "");
        }
    }

    private static void report(
            Diagnostics diagnostics,
            Level level,
            Code code,
            Origin origin,
            String message,
            String mend) {
        diagnostics.add(
                new Diagnostic(
                        code,
                        level,
                        origin.kind(),
                        origin.namespace(),
                        origin.name(),
                        "",
                        origin.file(),
                        origin.line(),
                        1,
                        "",
                        message,
                        mend));
    }
}
