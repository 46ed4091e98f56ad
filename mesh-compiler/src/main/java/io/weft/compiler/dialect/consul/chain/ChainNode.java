package io.weft.compiler.dialect.consul.chain;

import io.weft.compiler.dialect.consul.chain.RouterSpec.RouteSpec;
import io.weft.compiler.dialect.consul.chain.SplitterSpec.SplitSpec;
import io.weft.model.Origin;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step of a chain. */
public sealed interface ChainNode {

    String name();

    /** Unique in a chain: {@code splitter:web.default.default}. */
    String key();

    /** Routes in order; the last one takes everything. */
    record Router(String name, List<ChainRoute> routes, Origin origin) implements ChainNode {
        public Router {
            routes = List.copyOf(routes);
        }

        @Override
        public String key() {
            return "router:" + name;
        }
    }

    /**
     * A route.
     *
     * @param spec null for the route that a router always ends with
     */
    record ChainRoute(@Nullable RouteSpec spec, String next) {}

    /**
     * Shares; their weights sum to the whole but for rounding.
     *
     * @param loadBalancer the first hash-based one of the resolvers behind it
     */
    record Splitter(
            String name,
            List<ChainSplit> splits,
            @Nullable LoadBalancer loadBalancer,
            Origin origin)
            implements ChainNode {
        public Splitter {
            splits = List.copyOf(splits);
        }

        @Override
        public String key() {
            return "splitter:" + name;
        }
    }

    /** A share: its own weight in hundredths of a percent, and the entry it comes from. */
    record ChainSplit(int hundredths, SplitSpec spec, String next) {}

    /**
     * A target with those that take over for it.
     *
     * @param isDefault whether no entry made it
     * @param failover targets in order
     */
    record Resolver(
            String name,
            boolean isDefault,
            Duration connectTimeout,
            @Nullable Duration requestTimeout,
            String target,
            List<String> failover,
            @Nullable LoadBalancer loadBalancer,
            Origin origin)
            implements ChainNode {
        public Resolver {
            failover = List.copyOf(failover);
        }

        @Override
        public String key() {
            return "resolver:" + name;
        }
    }
}
