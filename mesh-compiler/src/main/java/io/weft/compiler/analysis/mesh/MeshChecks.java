package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import java.util.List;

/** All checks of this package. */
public final class MeshChecks {

    private MeshChecks() {}

    /** In the order in which they run. */
    public static List<Check> all() {
        return List.of(
                new MootPolicies(),
                new UnreachableRoutes(),
                new VanishingWeights(),
                new UnsafeRetries(),
                new ShortTimeouts(),
                new UnboundedTags(),
                new EmptySelections(),
                new TlsConflicts(),
                new RegexDialects());
    }
}
