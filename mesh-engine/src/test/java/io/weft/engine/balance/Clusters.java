package io.weft.engine.balance;

import io.weft.engine.Origins;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.Resolution;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clusters and endpoints for tests. */
final class Clusters {

    private Clusters() {}

    static Cluster cluster(
            LoadBalancing balancing, LocalityPolicy locality, @Nullable OutlierDetection outlier) {
        return new Cluster(
                "blog:80",
                "blog",
                80,
                "",
                AppProtocol.HTTP,
                Map.of(),
                List.of("blog:80"),
                balancing,
                locality,
                ConnectionLimits.DEFAULT,
                outlier,
                new UpstreamTls.Automatic(),
                Origins.line(1));
    }

    static Endpoint endpoint(int number, int weight, String locality) {
        return new Endpoint(
                "e" + number,
                "10.0.0." + number,
                80,
                null,
                "blog",
                "blog",
                Map.of("n", "" + number % 2),
                Locality.parse(locality),
                weight);
    }

    static EndpointSet set(Endpoint... endpoints) {
        return new EndpointSet("blog:80", Resolution.STATIC, List.of(endpoints));
    }

    static EndpointSet set(int count) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            endpoints.add(endpoint(i, 1, ""));
        }
        return new EndpointSet("blog:80", Resolution.STATIC, endpoints);
    }

    static OutlierDetection outlier(int consecutive, int gateway, int maxPercent, int minHealth) {
        return new OutlierDetection(
                consecutive,
                gateway,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                maxPercent,
                minHealth,
                Origins.line(2));
    }
}
