package io.weft.compiler.dialect.istio;

import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.GatewayPlan;
import io.weft.compiler.dialect.InboundPlan;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.Inventory;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.JwtRule;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Istio's answers; each part lives in a class of its own. */
record IstioPolicies(
        Inventory inventory,
        MeshSettings settings,
        VirtualServices virtualServices,
        DestinationRules destinationRules,
        Gateways gateways,
        PeerAuthentications peerAuthentications,
        RequestAuthentications requestAuthentications,
        AuthorizationPolicies authorizationPolicies,
        Telemetries telemetries,
        Sidecars sidecars)
        implements DialectPolicies {

    @Override
    public Dialect dialect() {
        return Dialect.ISTIO;
    }

    @Override
    public Optional<MeshSettings> meshSettings() {
        return Optional.of(settings);
    }

    @Override
    public Optional<AuthzLayer> authorization(WorkloadView server, InboundView port) {
        return authorizationPolicies.layer(server, port);
    }

    @Override
    public Optional<MtlsSetting> mtls(WorkloadView server, int port) {
        return peerAuthentications.mode(server, port);
    }

    @Override
    public Optional<InboundPlan> inbound(WorkloadView server, int port) {
        return sidecars.inbound(server, port);
    }

    @Override
    public List<JwtRule> tokenRules(WorkloadView server) {
        return requestAuthentications.rules(server);
    }

    @Override
    public Optional<RoutePlan> routes(OutboundView destination, ClusterLinker linker) {
        return virtualServices.routes(destination, linker);
    }

    @Override
    public Map<String, Origin> routedHosts() {
        return virtualServices.routedHosts();
    }

    @Override
    public Optional<ClusterPlan> cluster(
            WorkloadView client, MeshService service, int port, String subset) {
        return destinationRules.plan(client, service, port, subset);
    }

    @Override
    public List<DeclaredWorkload> gatewayWorkloads() {
        return gateways.workloads();
    }

    @Override
    public List<GatewayPlan> gateway(WorkloadView gateway, ClusterLinker linker) {
        return gateways.plans(gateway, linker);
    }

    @Override
    public Optional<Telemetry> telemetry(WorkloadView workload) {
        return telemetries.telemetry(workload);
    }

    @Override
    public Optional<OutboundPolicy> outboundPolicy(WorkloadView workload) {
        return sidecars.outbound(workload);
    }

    @Override
    public boolean sees(WorkloadView client, MeshService service) {
        return sidecars.sees(client, service);
    }
}
