package io.weft.dataplane.assembly;

import io.weft.dataplane.DataPlane;
import io.weft.dataplane.config.Reporter;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.telemetry.traffic.TrafficRecorder;
import io.weft.model.wire.SidecarState;
import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the control plane what telemetry has counted, and how this proxy is. */
final class TrafficReporter implements Reporter {

    /** Characters of what is left out: so much fits into a report beside what it is for. */
    private static final int MAX_LEFT_OUT = 600;

    /** Characters around the texts of one. */
    private static final int FRAME = 90;

    private static final int MAX_TEXT = 120;

    private final TrafficRecorder recorder;
    private final MeshTls tls;
    private volatile @Nullable DataPlane plane;

    TrafficReporter(TrafficRecorder recorder, MeshTls tls) {
        this.recorder = recorder;
        this.tls = tls;
    }

    /** The data plane is made after its source of configuration. */
    void watch(DataPlane started) {
        plane = started;
    }

    @Override
    public TrafficReport report(long millis) {
        DataPlane watched = plane;
        return recorder.report(millis, watched == null ? null : state(watched));
    }

    private SidecarState state(DataPlane watched) {
        Svid svid = tls.svid();
        List<SidecarState.LeftOut> leftOut = watched.leftOut();
        List<SidecarState.LeftOut> told = new ArrayList<>();
        int length = 0;
        for (SidecarState.LeftOut each : leftOut) {
            SidecarState.LeftOut bounded = bounded(each);
            length += FRAME + bounded.host().length() + bounded.why().length();
            length += bounded.endpoint().length() + bounded.subset().length();
            if (length > MAX_LEFT_OUT) {
                break;
            }
            told.add(bounded);
        }
        return new SidecarState(
                svid.leaf().getSerialNumber().toString(16),
                svid.notBefore().getEpochSecond(),
                svid.notAfter().getEpochSecond(),
                watched.isDraining(),
                told,
                leftOut.size() - told.size());
    }

    private static SidecarState.LeftOut bounded(SidecarState.LeftOut each) {
        return new SidecarState.LeftOut(
                cut(each.host()),
                each.port(),
                cut(each.subset()),
                cut(each.endpoint()),
                each.sick(),
                each.ejections(),
                cut(each.why()));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + '…';
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
