package io.weft.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a sidecar or gateway is, what it binds, and where its configuration comes from.
 *
 * @param namespace and
 * @param workload name the workload
 * @param serviceAccount default: the workload's name
 * @param instance unique and stable over restarts; default: workload-0
 * @param controlPlane {@code host:port} of the control plane's mTLS port, in order of preference
 * @param configFile a local file instead of a control plane
 * @param stateDir where SVID and last good configuration are kept, readable by the owner only
 * @param outboundPort explicit proxy: 0 takes a free one, -1 has none
 * @param telemetry false records nothing of any request: no metrics, logs, spans, live picture
 * @param redisUrl where global rate limits are counted, {@code redis://host:6379}; null nowhere
 * @param workloadApi the SPIFFE Workload API for the workload's own processes
 * @param capture transparent capture of the application's connections
 * @param routeWait how long a first request to a host waits for its routes
 */
@ConfigurationProperties("weft.mesh")
public record MeshProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("default") String namespace,
        @DefaultValue("workload") String workload,
        @Nullable String serviceAccount,
        @Nullable String instance,
        @DefaultValue("cluster.local") String trustDomain,
        @DefaultValue Map<String, String> labels,
        @DefaultValue("") String locality,
        @DefaultValue("Kubernetes") String cluster,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue List<String> controlPlane,
        @DefaultValue Join join,
        @DefaultValue Identity identity,
        @Nullable String configFile,
        @DefaultValue("state") String stateDir,
        @DefaultValue List<Inbound> inbound,
        @DefaultValue List<Service> services,
        @DefaultValue("-1") int outboundPort,
        @DefaultValue Capture capture,
        @DefaultValue List<Upstream> upstreams,
        @DefaultValue List<GatewayPort> gatewayPorts,
        @DefaultValue Ports ports,
        @DefaultValue("true") boolean telemetry,
        @DefaultValue Tracing tracing,
        @DefaultValue AccessLog accessLog,
        @DefaultValue Metrics metrics,
        @DefaultValue("1") int eventLoops,
        @DefaultValue("5s") Duration routeWait,
        @DefaultValue("5s") Duration drainTime,
        @DefaultValue Overload overload,
        @Nullable String redisUrl,
        @DefaultValue WorkloadApi workloadApi,
        @DefaultValue("WHEN_NEEDED") SpringStart spring) {

    /** When a sidecar makes its context with Spring Cloud Gateway. */
    public enum SpringStart {
        /** When a configuration names gateway filters, or an operator asks for the actuator. */
        WHEN_NEEDED,
        /** As soon as the proxy serves. */
        AT_ONCE
    }

    /**
     * How much it takes on at one time; 0 chooses by the heap and the open files it may have.
     *
     * @param connections open downstream connections; more are closed at once
     * @param connectionsPerListener of one listener; default three quarters of all
     * @param requests under way; more are refused with 503
     * @param shedAt share of the memory in use from which new requests are refused
     * @param pauseAt share of the memory in use from which no connection is accepted, either
     */
    public record Overload(
            @DefaultValue("0") int connections,
            @DefaultValue("0") int connectionsPerListener,
            @DefaultValue("0") int requests,
            @DefaultValue("0.90") double shedAt,
            @DefaultValue("0.95") double pauseAt) {}

    /**
     * How the workload proves itself.
     *
     * @param url of the join port, {@code https://host:15010}
     * @param token one-time join token
     * @param tokenFile file with the token: a join token, or a projected ServiceAccount token
     * @param caFile PEM of the mesh's root, by which the join port is trusted
     */
    public record Join(
            @Nullable String url,
            @Nullable String token,
            @Nullable String tokenFile,
            @Nullable String caFile) {}

    /**
     * An identity given as PEM files, instead of joining. With a {@code config-file} and neither
     * this nor a join, the proxy makes an identity that nobody else trusts.
     *
     * @param chainFile leaf first
     * @param keyFile PKCS#8
     * @param rootsFile roots of the trust domain
     */
    public record Identity(
            @Nullable String chainFile, @Nullable String keyFile, @Nullable String rootsFile) {}

    /**
     * The SPIFFE Workload API.
     *
     * @param socket path of its Unix domain socket; null serves none
     * @param users numeric ids of the users that are the workload; empty: the proxy's own user
     */
    public record WorkloadApi(@Nullable String socket, @DefaultValue List<Integer> users) {}

    /**
     * A port of the application.
     *
     * @param port as policies write it
     * @param appAddress where the application listens
     * @param appPort default: {@code port}
     * @param meshPort where the sidecar listens; 0 takes a free one
     */
    public record Inbound(
            int port,
            @DefaultValue("http") String name,
            @DefaultValue("AUTO") String protocol,
            @DefaultValue("127.0.0.1") String appAddress,
            @DefaultValue("0") int appPort,
            @DefaultValue("0") int meshPort) {}

    /** A service that the workload stands behind; without ports it has the inbound ones. */
    public record Service(String name, @DefaultValue List<ServicePort> ports) {}

    /**
     * @param targetPort default: {@code port}
     */
    public record ServicePort(
            @DefaultValue("http") String name,
            int port,
            @DefaultValue("0") int targetPort,
            @DefaultValue("AUTO") String protocol) {}

    /** A local port that stands for a destination, {@code host:port}. */
    public record Upstream(String destination, int port) {}

    /**
     * Where the kernel brings connections, by the rules of weft-init.
     *
     * @param outboundPort for those of the application; 0 takes a free one, -1 has none
     * @param inboundPort for those to the application, in place of a port of the sidecar's for each
     *     of the application's; -1 has none
     * @param inboundMode REDIRECT, or TPROXY, which needs CAP_NET_ADMIN
     */
    public record Capture(
            @DefaultValue("-1") int outboundPort,
            @DefaultValue("-1") int inboundPort,
            @DefaultValue("REDIRECT") Mode inboundMode) {

        /** How the kernel hands connections over. */
        public enum Mode {
            REDIRECT,
            TPROXY
        }
    }

    /**
     * A gateway's logical port and the local port it binds; 0 takes a free one.
     *
     * @param proxyProtocol whether connections begin with a PROXY header (version 1 or 2), which a
     *     load balancer in front must then always send
     */
    public record GatewayPort(
            int port, @DefaultValue("0") int bind, @DefaultValue("false") boolean proxyProtocol) {}

    /**
     * Ports of the proxy itself; -1 has none, 0 takes a free one.
     *
     * @param health readiness and liveness
     * @param metrics {@code /stats/prometheus}
     */
    public record Ports(@DefaultValue("15021") int health, @DefaultValue("15090") int metrics) {}

    /**
     * @param otlpEndpoint base of an OTLP receiver over HTTP, {@code http://host:4318}; null
     *     exports nothing
     */
    public record Tracing(@Nullable String otlpEndpoint) {}

    /**
     * @param file where access logs go instead of standard output
     * @param otlpEndpoint receiver of logs whose provider is OpenTelemetry; null uses that of
     *     tracing
     */
    public record AccessLog(@Nullable String file, @Nullable String otlpEndpoint) {}

    /**
     * @param otlpEndpoint base of an OTLP receiver of metrics over HTTP; null leaves them to be
     *     scraped
     * @param otlpInterval how often they are sent
     */
    public record Metrics(
            @Nullable String otlpEndpoint, @DefaultValue("15s") Duration otlpInterval) {}
}
