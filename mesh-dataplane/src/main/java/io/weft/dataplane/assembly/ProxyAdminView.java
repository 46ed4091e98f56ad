package io.weft.dataplane.assembly;

import io.weft.dataplane.DataPlane;
import io.weft.dataplane.admin.AdminView;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.SvidKeeper;
import io.weft.dataplane.telemetry.MeshMetrics;
import io.weft.dataplane.view.DataPlaneView;
import io.weft.model.wire.ResourceMap;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A running proxy as its administration pages show it. */
record ProxyAdminView(
        DataPlane plane, MeshTls tls, @Nullable SvidKeeper keeper, MeshMetrics metrics)
        implements AdminView {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    @Override
    public String notReady() {
        DataPlaneView view = plane.view();
        if (!view.configured()) {
            String problem = view.source().problem();
            return "no configuration yet" + (problem.isEmpty() ? "" : ": " + problem);
        }
        return view.ready() ? "" : "draining";
    }

    @Override
    public Object configDump() {
        DataPlaneView view = plane.view();
        Map<String, @Nullable Object> dump = new LinkedHashMap<>();
        dump.put("identity", view.identity().uri());
        dump.put("revision", view.revision());
        dump.put("commit", view.commit());
        dump.put("since", view.since());
        dump.put("source", view.source());
        dump.put("registration", view.registration());
        dump.put("resources", new ResourceMap(view.resources().resources()));
        return dump;
    }

    @Override
    public Object listeners() {
        return plane.view().listeners();
    }

    @Override
    public Object clusters() {
        return plane.view().clusters();
    }

    @Override
    public Object routes() {
        return plane.view().routes();
    }

    @Override
    public Object certs() {
        return CertificatesView.of(tls, keeper);
    }

    @Override
    public String scrape() {
        return metrics.scrape();
    }

    /** The logging back-end belongs to whoever runs the proxy. */
    @Override
    public boolean logLevel(String logger, String level) {
        return false;
    }

    @Override
    public void drain() {
        plane.drain(DRAIN);
    }

    @Override
    public void quit() {
        throw new IllegalStateException("quitting is not offered");
    }
}
