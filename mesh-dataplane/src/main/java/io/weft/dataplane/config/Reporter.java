package io.weft.dataplane.config;

import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport;
import java.util.List;

/**
 * What is told to the control plane of the traffic here. Called by the thread of the source alone;
 * must not block.
 */
public interface Reporter {

    /** Tells nothing. */
    Reporter NONE =
            new Reporter() {
                @Override
                public TrafficReport report(long millis) {
                    return new TrafficReport(millis, List.of(), List.of(), 0);
                }

                @Override
                public void taken(TrafficReport report) {}

                @Override
                public void forgotten() {}

                @Override
                public void tapped(List<Tap> taps) {}
            };

    /**
     * What came since the last one.
     *
     * @param millis the time since then
     */
    TrafficReport report(long millis);

    /** The control plane has taken a report. */
    void taken(TrafficReport report);

    /** The control plane may not know what it was told before. */
    void forgotten();

    /** These taps are open now, in place of those before. */
    void tapped(List<Tap> taps);
}
