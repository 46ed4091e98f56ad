package io.weft.dataplane;

import io.netty.channel.EventLoopGroup;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.overload.OverloadSettings;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.Registration.RegisteredService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is and what it binds; immutable, made with {@link #forWorkload}.
 *
 * @param instance unique and stable over restarts, for example {@code blog-api-0}
 * @param address where other sidecars and clients connect; what the own application uses is always
 *     bound to loopback
 * @param outboundPort the explicit proxy's port: 0 takes a free one, -1 has none
 * @param gateway whether this is a gateway, selected by Gateway resources through its labels
 * @param eventLoops threads, when no group is shared
 * @param eventLoopGroup shared by several data planes of one JVM; null makes one of its own
 * @param overload how much it takes on at one time
 * @param routeWait how long a request waits for routes of a host that is asked for the first time
 * @param drainTime how long open exchanges may take to finish when closing
 */
public record DataPlaneSettings(
        WorkloadId workload,
        String trustDomain,
        String serviceAccount,
        String instance,
        Map<String, String> labels,
        Locality locality,
        String cluster,
        String address,
        List<InboundBinding> inbound,
        List<RegisteredService> services,
        int outboundPort,
        CaptureBinding capture,
        List<UpstreamBinding> upstreams,
        boolean gateway,
        List<GatewayBinding> gatewayPorts,
        int eventLoops,
        @Nullable EventLoopGroup eventLoopGroup,
        HttpLimits limits,
        OverloadSettings overload,
        Duration routeWait,
        Duration drainTime) {

    public DataPlaneSettings {
        labels = Map.copyOf(labels);
        inbound = List.copyOf(inbound);
        services = List.copyOf(services);
        upstreams = List.copyOf(upstreams);
        gatewayPorts = List.copyOf(gatewayPorts);
        if (eventLoops < 1) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops + " (expected: >= 1)");
        }
    }

    /** The identity that this workload's certificate carries. */
    public SpiffeId identity() {
        return new SpiffeId(trustDomain, workload.namespace(), serviceAccount);
    }

    /** Starts a description; everything has a default but the workload. */
    public static Builder forWorkload(String namespace, String name) {
        return new Builder(new WorkloadId(namespace, name));
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {
        private final WorkloadId workload;
        private String trustDomain = "cluster.local";
        private String serviceAccount;
        private String instance;
        private Map<String, String> labels;
        private Locality locality = Locality.UNKNOWN;
        private String cluster = "Kubernetes";
        private String address = "127.0.0.1";
        private final List<InboundBinding> inbound = new ArrayList<>();
        private final List<RegisteredService> services = new ArrayList<>();
        private int outboundPort;
        private CaptureBinding capture = CaptureBinding.NONE;
        private final List<UpstreamBinding> upstreams = new ArrayList<>();
        private boolean gateway;
        private final List<GatewayBinding> gatewayPorts = new ArrayList<>();
        private int eventLoops = 1;
        private @Nullable EventLoopGroup eventLoopGroup;
        private HttpLimits limits = HttpLimits.DEFAULT;
        private OverloadSettings overload = OverloadSettings.ofProcess();
        private Duration routeWait = Duration.ofSeconds(5);
        private Duration drainTime = Duration.ofSeconds(5);

        private Builder(WorkloadId workload) {
            this.workload = workload;
            this.serviceAccount = workload.name();
            this.instance = workload.name() + "-0";
            this.labels = Map.of("app", workload.name());
        }

        public Builder trustDomain(String value) {
            trustDomain = value;
            return this;
        }

        public Builder serviceAccount(String value) {
            serviceAccount = value;
            return this;
        }

        public Builder instance(String value) {
            instance = value;
            return this;
        }

        public Builder labels(Map<String, String> value) {
            labels = value;
            return this;
        }

        public Builder locality(Locality value) {
            locality = value;
            return this;
        }

        public Builder cluster(String value) {
            cluster = value;
            return this;
        }

        public Builder address(String value) {
            address = value;
            return this;
        }

        public Builder inbound(InboundBinding value) {
            inbound.add(value);
            return this;
        }

        public Builder service(RegisteredService value) {
            services.add(value);
            return this;
        }

        public Builder outboundPort(int value) {
            outboundPort = value;
            return this;
        }

        public Builder capture(CaptureBinding value) {
            capture = value;
            return this;
        }

        public Builder upstream(UpstreamBinding value) {
            upstreams.add(value);
            return this;
        }

        /** Makes it a gateway that binds this logical port. */
        public Builder gatewayPort(GatewayBinding value) {
            gateway = true;
            gatewayPorts.add(value);
            return this;
        }

        public Builder gateway(boolean value) {
            gateway = value;
            return this;
        }

        public Builder eventLoops(int value) {
            eventLoops = value;
            return this;
        }

        public Builder eventLoopGroup(EventLoopGroup value) {
            eventLoopGroup = value;
            return this;
        }

        public Builder limits(HttpLimits value) {
            limits = value;
            return this;
        }

        public Builder overload(OverloadSettings value) {
            overload = value;
            return this;
        }

        public Builder routeWait(Duration value) {
            routeWait = value;
            return this;
        }

        public Builder drainTime(Duration value) {
            drainTime = value;
            return this;
        }

        public DataPlaneSettings build() {
            return new DataPlaneSettings(
                    workload,
                    trustDomain,
                    serviceAccount,
                    instance,
                    labels,
                    locality,
                    cluster,
                    address,
                    inbound,
                    services,
                    outboundPort,
                    capture,
                    upstreams,
                    gateway,
                    gatewayPorts,
                    eventLoops,
                    eventLoopGroup,
                    limits,
                    overload,
                    routeWait,
                    drainTime);
        }
    }
}
