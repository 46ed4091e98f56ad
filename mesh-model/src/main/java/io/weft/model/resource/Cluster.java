package io.weft.model.resource;

import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.ProxyProtocol;
import io.weft.model.cluster.UpstreamTls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service port, or a subset of it, with its traffic policy.
 *
 * @param name {@code host:port} or {@code host:port/subset}
 * @param host the service's fully qualified host name, as metrics show it
 * @param subset empty for the whole service
 * @param subsetLabels labels that an endpoint must have
 * @param endpoints names of the endpoint sets, in order of fail-over
 * @param outlier null where nothing is ejected
 * @param care null where endpoints are neither checked nor started slowly
 * @param proxyProtocol null where connections begin with no PROXY header
 */
public record Cluster(
        String name,
        String host,
        int port,
        String subset,
        AppProtocol protocol,
        Map<String, String> subsetLabels,
        List<String> endpoints,
        LoadBalancing balancing,
        LocalityPolicy locality,
        ConnectionLimits limits,
        @Nullable OutlierDetection outlier,
        UpstreamTls tls,
        Origin origin,
        @Nullable EndpointCare care,
        @Nullable ProxyProtocol proxyProtocol)
        implements MeshResource {

    /** A cluster whose endpoints nobody cares for beyond balancing. */
    public Cluster(
            String name,
            String host,
            int port,
            String subset,
            AppProtocol protocol,
            Map<String, String> subsetLabels,
            List<String> endpoints,
            LoadBalancing balancing,
            LocalityPolicy locality,
            ConnectionLimits limits,
            @Nullable OutlierDetection outlier,
            UpstreamTls tls,
            Origin origin) {
        this(
                name,
                host,
                port,
                subset,
                protocol,
                subsetLabels,
                endpoints,
                balancing,
                locality,
                limits,
                outlier,
                tls,
                origin,
                null,
                null);
    }

    /** The same with care for its endpoints. */
    public Cluster with(EndpointCare added) {
        return with(added, proxyProtocol);
    }

    /** The same with connections that begin with a PROXY header. */
    public Cluster with(ProxyProtocol announced) {
        return with(care, announced);
    }

    private Cluster with(@Nullable EndpointCare added, @Nullable ProxyProtocol announced) {
        return new Cluster(
                name,
                host,
                port,
                subset,
                protocol,
                subsetLabels,
                endpoints,
                balancing,
                locality,
                limits,
                outlier,
                tls,
                origin,
                added,
                announced);
    }

    public Cluster {
        subsetLabels = Map.copyOf(subsetLabels);
        endpoints = List.copyOf(endpoints);
    }

    @Override
    public String key() {
        return ResourceKeys.cluster(name);
    }
}
