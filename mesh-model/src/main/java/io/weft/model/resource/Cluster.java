package io.weft.model.resource;

import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
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
        Origin origin)
        implements MeshResource {

    public Cluster {
        subsetLabels = Map.copyOf(subsetLabels);
        endpoints = List.copyOf(endpoints);
    }

    @Override
    public String key() {
        return ResourceKeys.cluster(name);
    }
}
