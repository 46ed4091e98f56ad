package io.weft.dataplane.snapshot;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.dataplane.upstream.PassthroughEndpoints;
import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.dataplane.upstream.UpstreamEndpoint;
import io.weft.dataplane.upstream.UpstreamSecurity;
import io.weft.engine.balance.Balancer;
import io.weft.engine.balance.Balancers;
import io.weft.model.SpiffeId;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.Resolution;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles clusters; endpoints that did not change keep their connections. */
final class ClusterCompiler {

    private final LocalProxy self;
    private final Balancers balancers;
    private final DnsAddresses dns;
    private final Map<String, MeshResource> resources;

    ClusterCompiler(
            LocalProxy self,
            Balancers balancers,
            DnsAddresses dns,
            Map<String, MeshResource> resources) {
        this.dns = dns;
        this.self = self;
        this.balancers = balancers;
        this.resources = resources;
    }

    /** The endpoint sets that a cluster names, as far as they have come. */
    List<EndpointSet> sets(Cluster cluster) {
        List<EndpointSet> sets = new ArrayList<>();
        for (String name : cluster.endpoints()) {
            if (resources.get(ResourceKeys.endpoints(name)) instanceof EndpointSet set) {
                sets.add(dns.resolved(set));
            }
        }
        return sets;
    }

    /** What its connections need besides; throws when it cannot be used, changes nothing. */
    @Nullable UpstreamSecurity origination(Cluster cluster) {
        return cluster.tls() instanceof UpstreamTls.Origination out
                ? OriginationTls.compile(
                        out, cluster.host(), this::certificate, cluster.protocol().isHttp2())
                : null;
    }

    private @Nullable Certificate certificate(String name) {
        return resources.get(ResourceKeys.certificate(name)) instanceof Certificate found
                ? found
                : null;
    }

    UpstreamCluster compile(
            Cluster cluster,
            @Nullable UpstreamSecurity origination,
            @Nullable UpstreamCluster old) {
        List<EndpointSet> sets = sets(cluster);
        Balancer balancer = balancers.compile(cluster, sets, self.locality(), self.labels());
        boolean sameKind =
                old != null
                        && old.cluster().tls().equals(cluster.tls())
                        && origination == null
                        && old.cluster().limits().equals(cluster.limits())
                        && old.cluster().proxyProtocol() == cluster.proxyProtocol();
        Map<Endpoint, UpstreamEndpoint> kept = new java.util.HashMap<>();
        if (old != null && sameKind) {
            kept.putAll(old.endpoints());
        }
        Map<Endpoint, UpstreamEndpoint> endpoints = new IdentityHashMap<>();
        for (EndpointSet set : sets) {
            for (Endpoint endpoint : set.endpoints()) {
                UpstreamEndpoint known = kept.get(endpoint);
                endpoints.put(
                        endpoint,
                        known != null
                                ? known
                                : connectTo(cluster, endpoint, origination, balancer));
            }
        }
        return new UpstreamCluster(
                cluster,
                balancer,
                endpoints,
                nobody(cluster),
                passthrough(cluster, sets, balancer, origination, sameKind ? old : null));
    }

    private static @Nullable PassthroughEndpoints passthrough(
            Cluster cluster,
            List<EndpointSet> sets,
            Balancer balancer,
            @Nullable UpstreamSecurity origination,
            @Nullable UpstreamCluster old) {
        boolean originalDestination =
                sets.stream().anyMatch(s -> s.resolution() == Resolution.ORIGINAL_DESTINATION);
        if (!originalDestination && !balancer.isPassthrough()) {
            return null;
        }
        if (old != null && old.passthrough() != null) {
            return old.passthrough();
        }
        return new PassthroughEndpoints(
                origination == null ? security(cluster, null) : origination,
                cluster.limits(),
                balancer.counters(),
                nobody(cluster),
                cluster.proxyProtocol());
    }

    private static UpstreamEndpoint connectTo(
            Cluster cluster,
            Endpoint endpoint,
            @Nullable UpstreamSecurity origination,
            Balancer balancer) {
        UpstreamSecurity security =
                origination != null ? origination : security(cluster, endpoint.identity());
        return new UpstreamEndpoint(
                endpoint.address(),
                endpoint.port(),
                security,
                cluster.limits(),
                balancer.counters(),
                view(cluster, endpoint),
                // A peer in the mesh knows the caller by its certificate and takes no header.
                security instanceof UpstreamSecurity.Mesh ? null : cluster.proxyProtocol());
    }

    private static UpstreamSecurity security(Cluster cluster, @Nullable SpiffeId identity) {
        return switch (cluster.tls()) {
            case UpstreamTls.Automatic automatic ->
                    identity == null ? UpstreamSecurity.PLAIN : mesh(cluster, identity);
            case UpstreamTls.Mesh mesh -> mesh(cluster, identity);
            case UpstreamTls.Disabled disabled -> UpstreamSecurity.PLAIN;
            case UpstreamTls.Origination out ->
                    throw new IllegalStateException("origination is compiled before");
        };
    }

    private static UpstreamSecurity mesh(Cluster cluster, @Nullable SpiffeId identity) {
        return new UpstreamSecurity.Mesh(
                identity,
                "outbound_." + cluster.port() + "_." + cluster.subset() + "_." + cluster.host());
    }

    private static DestinationView view(Cluster cluster, Endpoint endpoint) {
        return new DestinationView(
                cluster.host(),
                serviceName(cluster.host()),
                serviceNamespace(cluster.host(), endpoint.namespace()),
                endpoint.workload(),
                endpoint.namespace(),
                endpoint.labels(),
                endpoint.identity());
    }

    private static DestinationView nobody(Cluster cluster) {
        return new DestinationView(
                cluster.host(),
                serviceName(cluster.host()),
                serviceNamespace(cluster.host(), ""),
                "",
                "",
                Map.of(),
                null);
    }

    /** The first label of a service of the cluster, else the whole host. */
    static String serviceName(String host) {
        int svc = host.indexOf(".svc.");
        return svc < 0 ? host : host.substring(0, host.indexOf('.'));
    }

    static String serviceNamespace(String host, String otherwise) {
        int svc = host.indexOf(".svc.");
        int dot = host.indexOf('.');
        return svc > dot && dot > 0 ? host.substring(dot + 1, svc) : otherwise;
    }
}
