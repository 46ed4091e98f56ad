package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.consul.chain.ChainEntries;
import io.weft.compiler.dialect.consul.chain.ResolverSpec;
import io.weft.compiler.dialect.consul.chain.RouterSpec;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.chain.ServiceSettings;
import io.weft.compiler.dialect.consul.chain.SplitterSpec;
import io.weft.model.Locality;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The entries of discovery chains by their service; the first one of a name holds. */
final class Entries implements ChainEntries {

    private final Map<ServiceName, RouterSpec> routers = new HashMap<>();
    private final Map<ServiceName, SplitterSpec> splitters = new HashMap<>();
    private final Map<ServiceName, ResolverReader.Read> resolvers = new HashMap<>();
    private final ServiceDefaults defaults;
    private final Peers peers;
    private @Nullable ProxyDefaults proxyDefaults;

    Entries(ServiceDefaults defaults, Peers peers) {
        this.defaults = defaults;
        this.peers = peers;
    }

    void add(RouterSpec router) {
        routers.putIfAbsent(router.service(), router);
    }

    void add(SplitterSpec splitter) {
        splitters.putIfAbsent(splitter.service(), splitter);
    }

    void add(ResolverReader.Read resolver) {
        resolvers.putIfAbsent(resolver.spec().service(), resolver);
    }

    void proxies(@Nullable ProxyDefaults all) {
        proxyDefaults = all;
    }

    @Nullable ProxyDefaults proxies() {
        return proxyDefaults;
    }

    /** The services that have a router, a splitter or a resolver, by name. */
    Set<ServiceName> services() {
        Set<ServiceName> all =
                new TreeSet<>(
                        Comparator.comparing(ServiceName::namespace)
                                .thenComparing(ServiceName::name));
        all.addAll(routers.keySet());
        all.addAll(splitters.keySet());
        all.addAll(resolvers.keySet());
        return all;
    }

    /** Whether nearer instances of a service come first. */
    boolean nearestFirst(ServiceName service) {
        ResolverReader.Read resolver = resolvers.get(service);
        ProxyDefaults all = proxyDefaults;
        return resolver != null && resolver.nearestFirst() || all != null && all.nearestFirst();
    }

    /** Which endpoints a subset is; null when it is not defined. */
    ClusterPlan.@Nullable Subset subset(ServiceName service, String name) {
        ResolverReader.Read resolver = resolvers.get(service);
        return resolver == null ? null : resolver.subsets().get(name);
    }

    @Override
    public @Nullable RouterSpec router(ServiceName service) {
        return routers.get(service);
    }

    @Override
    public @Nullable SplitterSpec splitter(ServiceName service) {
        return splitters.get(service);
    }

    @Override
    public @Nullable ResolverSpec resolver(ServiceName service) {
        ResolverReader.Read resolver = resolvers.get(service);
        return resolver == null ? null : resolver.spec();
    }

    @Override
    public @Nullable ServiceSettings settings(ServiceName service) {
        ServiceDefaults.Entry entry = defaults.get(service);
        return entry == null ? null : entry.settings();
    }

    @Override
    public @Nullable ServiceSettings proxyDefaults() {
        ProxyDefaults all = proxyDefaults;
        return all == null ? null : all.settings();
    }

    @Override
    public Locality peerLocality(String peer) {
        return Locality.UNKNOWN;
    }

    @Override
    public List<String> peersOf(String samenessGroup) {
        return peers.peersOf(samenessGroup);
    }

    /** What a service speaks; empty where nothing says it. */
    String protocol(ServiceName service) {
        ServiceSettings own = settings(service);
        if (own != null && !own.protocol().isEmpty()) {
            return own.protocol();
        }
        ServiceSettings shared = proxyDefaults();
        return shared == null ? "" : shared.protocol();
    }
}
