package io.weft.dataplane.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeLog.Counted;
import io.weft.engine.RequestFacts;
import io.weft.engine.SampleRequest;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.EndpointCare.HealthCheck;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the endpoints of those clusters that want it how they do, each at its own pace, on one event
 * loop. An endpoint counts as well until it has failed often enough. {@link #update} may be called
 * from any thread.
 */
public final class HealthChecks implements AutoCloseable {

    private static final RequestFacts NOBODY = SampleRequest.tcp(0).build();

    private final EventLoop loop;
    private final UpstreamPools pools;
    private final ExchangeLog log;
    private final Map<Key, Probe> probes = new HashMap<>();
    private volatile boolean any;

    private record Key(String cluster, Endpoint endpoint, HealthCheck check) {}

    public HealthChecks(EventLoop loop, UpstreamPools pools, ExchangeLog log) {
        this.loop = loop;
        this.pools = pools;
        this.log = log;
    }

    /**
     * Checks the endpoints of these clusters from now on; what was found of the same ones stays.
     */
    public void update(Map<String, UpstreamCluster> clusters) {
        Map<Key, UpstreamCluster> wanted = new HashMap<>();
        clusters.forEach((name, cluster) -> {
            EndpointCare care = cluster.cluster().care();
            HealthCheck check = care == null ? null : care.check();
            if (check != null) {
                cluster.endpoints()
                        .keySet()
                        .forEach(endpoint -> wanted.put(new Key(name, endpoint, check), cluster));
            }
        });
        if (any || !wanted.isEmpty()) {
            any = true;
            loop.execute(() -> use(wanted));
        }
    }

    private void use(Map<Key, UpstreamCluster> wanted) {
        probes.entrySet()
                .removeIf(entry -> {
                    boolean gone = !wanted.containsKey(entry.getKey());
                    if (gone) {
                        entry.getValue().stop();
                    }
                    return gone;
                });
        wanted.forEach((key, cluster) -> {
            Probe known = probes.get(key);
            if (known != null) {
                known.now(cluster, key.endpoint);
                return;
            }
            Probe probe = new Probe(key, cluster);
            probes.put(key, probe);
            probe.run();
        });
    }

    @Override
    public void close() {
        loop.execute(() -> {
            probes.values().forEach(Probe::stop);
            probes.clear();
        });
    }

    /** The checks of one endpoint; on the loop only. */
    private final class Probe {
        private final Key key;
        private UpstreamCluster cluster;
        private Endpoint endpoint;
        private @Nullable ScheduledFuture<?> next;
        private @Nullable BufferedCall call;
        private int successes;
        private int failures;
        private boolean stopped;

        Probe(Key key, UpstreamCluster cluster) {
            this.key = key;
            this.cluster = cluster;
            this.endpoint = key.endpoint;
        }

        /** The cluster was compiled anew; it knows its endpoints by identity. */
        void now(UpstreamCluster compiled, Endpoint same) {
            cluster = compiled;
            endpoint = same;
        }

        void run() {
            UpstreamEndpoint target = cluster.endpoints().get(endpoint);
            if (stopped || target == null) {
                return;
            }
            if (key.check.path().isEmpty()) {
                connect(target);
            } else {
                ask(target);
            }
        }

        private void connect(UpstreamEndpoint target) {
            pools.connector()
                    .connect(
                            loop,
                            target,
                            false,
                            ProxyAnnouncement.OWN,
                            new Connector.Listener() {
                                @Override
                                public void connected(Channel channel) {
                                    channel.close();
                                    found(true);
                                }

                                @Override
                                public void failed(UpstreamFailure failure) {
                                    found(false);
                                }
                            });
        }

        private void ask(UpstreamEndpoint target) {
            HttpRequest head =
                    new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, key.check.path());
            String host = key.check.host();
            head.headers()
                    .set(HttpHeaderNames.HOST, host.isEmpty() ? cluster.cluster().host() : host)
                    .set(HttpHeaderNames.USER_AGENT, "weft-health-check");
            boolean http2 = cluster.cluster().protocol().isHttp2();
            call =
                    BufferedCall.send(
                            pools,
                            loop,
                            new FixedTarget(cluster.label(), target, http2, false),
                            NOBODY,
                            head,
                            new byte[0],
                            http2,
                            key.check.timeout(),
                            result -> found(isWell(result)));
        }

        private boolean isWell(BufferedCall.Result result) {
            if (result instanceof BufferedCall.Result.Answered answer) {
                return key.check.expectedStatuses().isEmpty()
                        ? answer.status() < 400
                        : key.check.expectedStatuses().contains(answer.status());
            }
            return false;
        }

        private void found(boolean well) {
            if (stopped) {
                return;
            }
            log.count(Counted.HEALTH_CHECK, key.cluster, well ? "ok" : "failed");
            successes = well ? successes + 1 : 0;
            failures = well ? 0 : failures + 1;
            if (failures >= key.check.unhealthyThreshold()) {
                cluster.balancer().health(key.endpoint, false);
            } else if (successes >= key.check.healthyThreshold()) {
                cluster.balancer().health(key.endpoint, true);
            }
            next = loop.schedule(this::run, key.check.interval().toNanos(), TimeUnit.NANOSECONDS);
        }

        void stop() {
            stopped = true;
            if (next != null) {
                next.cancel(false);
            }
            if (call != null) {
                call.cancel();
            }
            // Nobody asks any more: it is as good as any.
            cluster.balancer().health(key.endpoint, true);
        }
    }
}
