package io.weft.policy.traffic;

import io.weft.model.WorkloadId;
import io.weft.model.wire.SidecarState;
import io.weft.model.wire.TrafficReport;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** What sidecars report, kept and handed to taps. Thread-safe. */
public final class TrafficDesk {

    private final TrafficStore store;
    private final TapDesk taps;
    private final SidecarStates states = new SidecarStates();

    /**
     * @param sidecars is told all open taps whenever they change
     */
    public TrafficDesk(InstantSource clock, Consumer<List<OpenTap>> sidecars) {
        this.store = new TrafficStore(clock);
        this.taps = new TapDesk(sidecars);
    }

    /**
     * Takes a report.
     *
     * @return false when it speaks of edges that were never told: nothing is taken
     */
    public boolean take(WorkloadId reporter, String instance, TrafficReport report) {
        List<FateView> asked = store.take(reporter, instance, report);
        if (asked == null) {
            return false;
        }
        SidecarState state = report.state();
        if (state != null) {
            states.put(instance, state);
        }
        taps.told(asked);
        return true;
    }

    public TrafficStore store() {
        return store;
    }

    /** How the sidecars are, as far as only they know. */
    public SidecarStates states() {
        return states;
    }

    public TapDesk taps() {
        return taps;
    }
}
