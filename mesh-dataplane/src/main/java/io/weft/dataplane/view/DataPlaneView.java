package io.weft.dataplane.view;

import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.config.SourceStatus;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a running data plane can tell of itself. Each call takes a fresh picture; thread-safe. */
public interface DataPlaneView {

    /** Of the configuration in force, empty before the first. */
    String revision();

    /** Git commit of the policies in force, empty when unknown. */
    String commit();

    /** When the configuration in force was swapped in; null before the first. */
    @Nullable Instant since();

    /** Whether it has a configuration. */
    boolean configured();

    /** Whether it shall receive traffic: configured and not draining. */
    boolean ready();

    /** How its configuration source does. */
    SourceStatus source();

    /** The resources in force, as they came. */
    ResourceSet resources();

    List<ListenerView> listeners();

    List<RouteView> routes();

    List<ClusterView> clusters();

    /** The workload's own identity; what is known of its certificate comes from the SVID store. */
    SpiffeId identity();

    /** What it last said of itself to the control plane. */
    Registration registration();

    /** Open downstream connections. */
    int connections();

    /** Exchanges under way. */
    int activeExchanges();

    /** 0 while memory is fine, 1 while requests are refused for lack of it, 2 with connections. */
    int overloadLevel();
}
