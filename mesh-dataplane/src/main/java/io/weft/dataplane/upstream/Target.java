package io.weft.dataplane.upstream;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.engine.RequestFacts;
import io.weft.engine.balance.ClusterCounters;
import io.weft.engine.balance.EndpointLease;
import io.weft.engine.balance.Outcome;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that requests and connections can be sent to. */
public interface Target {

    /** Cluster name as logs show it, {@code outbound|8080|v1|host}. */
    String label();

    /** Who is called, as long as no endpoint was picked. */
    DestinationView destination();

    /** Whether requests go over HTTP/2. */
    boolean http2(boolean downstreamHttp2);

    /** Null where nothing is limited. */
    @Nullable ClusterCounters counters();

    /** Picks where the next try goes, null when there is nowhere. */
    @Nullable Pick pick(RequestFacts facts, List<Endpoint> tried, boolean leaveLocality);

    /**
     * The same for a caller that is being given a cookie.
     *
     * @param hashKey the cookie's value, null without one
     */
    default @Nullable Pick pick(
            RequestFacts facts,
            List<Endpoint> tried,
            boolean leaveLocality,
            @Nullable String hashKey) {
        return pick(facts, tried, leaveLocality);
    }

    /** The cookie that the caller lacks and shall be given, so that it stays where it is. */
    default LoadBalancing.HashKey.@Nullable Cookie cookieToSet(RequestFacts facts) {
        return null;
    }

    /** Why nothing can be picked, for the log. */
    String unavailable();

    /**
     * @param lease null where nothing is balanced
     */
    record Pick(UpstreamEndpoint endpoint, @Nullable EndpointLease lease) {

        /** Gives the lease back; {@code latencyNanos} below 0 is the time since it was taken. */
        public void complete(Outcome outcome, long latencyNanos) {
            if (lease == null) {
                return;
            }
            if (latencyNanos < 0) {
                lease.complete(outcome);
            } else {
                lease.complete(outcome, latencyNanos);
            }
        }

        /** Notes for how many nanoseconds the endpoint wants no requests; below 0 says nothing. */
        public void rest(long nanos) {
            if (lease != null && nanos >= 0) {
                lease.rest(nanos);
            }
        }

        public @Nullable Endpoint modelEndpoint() {
            return lease == null ? null : lease.endpoint();
        }
    }
}
