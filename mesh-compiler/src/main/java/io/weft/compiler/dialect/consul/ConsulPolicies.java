package io.weft.compiler.dialect.consul;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.GatewayPlan;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.Inventory;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.JwtRule;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.route.Filter;
import io.weft.model.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Consul's answers. */
record ConsulPolicies(
        Intentions intentions,
        ServiceDefaults defaults,
        Entries entries,
        Chains chains,
        Connections connections,
        IngressGateways gateways,
        MeshEntry mesh,
        Inventory inventory)
        implements DialectPolicies {

    @Override
    public Dialect dialect() {
        return Dialect.CONSUL;
    }

    @Override
    public Optional<AuthzLayer> authorization(WorkloadView server, InboundView port) {
        return intentions.layer(server, port);
    }

    @Override
    public List<JwtRule> tokenRules(WorkloadView server, List<String> services) {
        return intentions.tokenRules(server, services);
    }

    @Override
    public Optional<MtlsSetting> mtls(WorkloadView server, int port) {
        ProxyDefaults all = entries.proxies();
        return own(server)
                .map(ServiceDefaults.Entry::mtls)
                .filter(Objects::nonNull)
                .findFirst()
                .or(() -> Optional.ofNullable(all == null ? null : all.mtls()));
    }

    /** A workload is the service of its service account, or of its own name. */
    private Stream<ServiceDefaults.Entry> own(WorkloadView workload) {
        return Stream.of(workload.serviceAccount(), workload.name())
                .map(name -> defaults.get(new ServiceName(name, workload.namespace())))
                .filter(Objects::nonNull);
    }

    @Override
    public List<Filter> inboundFilters(WorkloadView server) {
        return own(server).findFirst().map(ServiceDefaults.Entry::inbound).orElse(List.of());
    }

    @Override
    public Optional<AppProtocol> protocol(MeshService service) {
        return Names.service(service.host())
                .map(entries::protocol)
                .filter(name -> !name.isEmpty())
                .map(AppProtocol::parse);
    }

    @Override
    public Optional<OutboundPolicy> outboundPolicy(WorkloadView workload) {
        return mesh.meshOnly() ? Optional.of(OutboundPolicy.REGISTRY_ONLY) : Optional.empty();
    }

    @Override
    public Optional<Telemetry> telemetry(WorkloadView workload) {
        ProxyDefaults all = entries.proxies();
        @Nullable Telemetry telemetry = all == null ? null : all.telemetry();
        return Optional.ofNullable(telemetry);
    }

    @Override
    public Optional<RoutePlan> routes(OutboundView destination, ClusterLinker linker) {
        return chains.routes(destination, linker);
    }

    @Override
    public Map<String, Origin> routedHosts() {
        return chains.hosts();
    }

    @Override
    public List<Target> split(WorkloadView client, MeshService service, int port) {
        return chains.split(service.host(), port);
    }

    @Override
    public List<GatewayPlan> gateway(WorkloadView gateway, ClusterLinker linker) {
        return gateways.plans(gateway, chains, linker);
    }

    @Override
    public Optional<ClusterPlan> cluster(
            WorkloadView client, MeshService service, int port, String subset) {
        return connections.plan(client, service, subset);
    }
}
