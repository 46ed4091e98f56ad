package io.weft.blog.launcher.check;

import io.weft.blog.launcher.topology.DemoDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs the acceptance list of a dialect. */
public final class AcceptanceList {

    private AcceptanceList() {}

    /**
     * Asks everything, in order; goes on where something fails.
     *
     * @param rows hears of each fact as it is found
     * @return all facts
     */
    public static List<CheckRow> run(CheckedDemo demo, Consumer<CheckRow> rows)
            throws InterruptedException {
        List<CheckRow> all = new ArrayList<>();
        for (AcceptanceCheck check : of(demo.topology().dialect())) {
            Findings findings =
                    new Findings(
                            check.item(),
                            row -> {
                                all.add(row);
                                rows.accept(row);
                            });
            try {
                check.run(demo, findings);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                findings.broke(e);
            }
        }
        return all;
    }

    private static List<AcceptanceCheck> of(DemoDialect dialect) {
        return switch (dialect) {
            case ISTIO ->
                    List.of(
                            new EdgeCheck(),
                            new RoutingCheck(),
                            new CanaryCheck(),
                            new AuthorisationCheck(),
                            new IdentityCheck(),
                            new ProtocolCheck(),
                            new OutlierCheck(),
                            new GitCheck(),
                            new OutageCheck(),
                            new TelemetryCheck());
            case SMI -> List.of(new SmiCheck());
            case CONSUL -> List.of(new ConsulCheck());
        };
    }
}
