package io.weft.dataplane.assembly;

import io.weft.dataplane.config.Reporter;
import io.weft.dataplane.telemetry.traffic.TrafficRecorder;
import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport;
import java.util.List;

/** Tells the control plane what telemetry has counted. */
record TrafficReporter(TrafficRecorder recorder) implements Reporter {

    @Override
    public TrafficReport report(long millis) {
        return recorder.report(millis);
    }

    @Override
    public void taken(TrafficReport report) {
        recorder.taken(report);
    }

    @Override
    public void forgotten() {
        recorder.forgotten();
    }

    @Override
    public void tapped(List<Tap> taps) {
        recorder.fates().tapped(taps);
    }
}
