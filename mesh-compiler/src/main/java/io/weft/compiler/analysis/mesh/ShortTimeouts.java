package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.time.Duration;

/** Timeouts that leave no time for the tries that the route allows (WFT0408). */
final class ShortTimeouts implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            for (Field route : root.get("spec").get("http").items()) {
                check(route, report);
            }
        }
    }

    private static void check(Field route, Report report) {
        Field retries = route.get("retries");
        int attempts = retries.get("attempts").integer(0, Integer.MAX_VALUE, 0);
        Duration each = retries.get("perTryTimeout").duration().orElse(Duration.ZERO);
        Duration whole = route.get("timeout").duration().orElse(Duration.ZERO);
        if (attempts == 0 || each.isZero() || whole.isZero()) {
            return;
        }
        long tries = attempts + 1L;
        if (each.toNanos() > whole.toNanos() / tries) {
            report.warn(
                    Code.SHORT_TIMEOUT,
                    route.get("timeout"),
                    route.get("timeout").text("")
                            + " for "
                            + tries
                            + " tries of "
                            + retries.get("perTryTimeout").text("")
                            + " each: after "
                            + whole.toNanos() / each.toNanos()
                            + " slow tries nothing is left",
                    "allow at least attempts + 1 times perTryTimeout, or fewer attempts");
        }
    }
}
