package io.weft.compiler.dialect;

import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.compiler.status.ResourceStatus;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.JwtRule;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.listener.Denials;
import io.weft.model.listener.OutboundNetwork;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.telemetry.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The compiled policies of one dialect, which answer for any workload. Immutable and thread-safe.
 * What a dialect has nothing to say about stays empty: another may answer, else the mesh's default
 * holds.
 */
public interface DialectPolicies {

    Dialect dialect();

    /** What it declares beside policies. */
    default Inventory inventory() {
        return Inventory.EMPTY;
    }

    /** Mesh-wide settings. */
    default Optional<MeshSettings> meshSettings() {
        return Optional.empty();
    }

    /** Who may call a port; every dialect that answers must allow. */
    default Optional<AuthzLayer> authorization(WorkloadView server, InboundView port) {
        return Optional.empty();
    }

    /**
     * What a port accepts.
     *
     * @param port the workload's port, 0 for those that are not declared
     */
    default Optional<MtlsSetting> mtls(WorkloadView server, int port) {
        return Optional.empty();
    }

    /**
     * How a port of a workload is served, beside who may call it.
     *
     * @param port one that the workload declares
     */
    default Optional<InboundPlan> inbound(WorkloadView server, int port) {
        return Optional.empty();
    }

    /** How tokens are verified; the rules of every dialect add up. */
    default List<JwtRule> tokenRules(WorkloadView server) {
        return List.of();
    }

    /**
     * The same where the services are known before the workload.
     *
     * @param services their names in the workload's namespace
     */
    default List<JwtRule> tokenRules(WorkloadView server, List<String> services) {
        return tokenRules(server);
    }

    /** What requests to a workload pass between authorisation and the application. */
    default List<Filter> inboundFilters(WorkloadView server) {
        return List.of();
    }

    /** What a service speaks on ports that declare nothing themselves. */
    default Optional<AppProtocol> protocol(MeshService service) {
        return Optional.empty();
    }

    /** How requests of a client to a destination are routed. */
    default Optional<RoutePlan> routes(OutboundView destination, ClusterLinker linker) {
        return Optional.empty();
    }

    /** The hosts that it routes in the mesh (fully qualified) with what routes them. */
    default Map<String, Origin> routedHosts() {
        return Map.of();
    }

    /** How traffic that another dialect sends to a service as a whole is divided. */
    default List<Target> split(WorkloadView client, MeshService service, int port) {
        return List.of();
    }

    /** How a client connects to a service port. */
    default Optional<ClusterPlan> cluster(
            WorkloadView client, MeshService service, int port, String subset) {
        return Optional.empty();
    }

    /** The Spring Cloud Gateway filters that it adds to a route of any dialect. */
    default List<Filter.Gateway> gatewayFilters(Route route) {
        return List.of();
    }

    /** What it does with the requests of a route of any dialect, where they are routed. */
    default List<Filter> routeFilters(Route route) {
        return List.of();
    }

    /**
     * What it does with the requests that come to a workload.
     *
     * @param port the workload's port; for gateways the one that is served
     * @param portName the workload's name for it, empty where it has none
     */
    default List<Filter> workloadFilters(WorkloadView workload, int port, String portName) {
        return List.of();
    }

    /** What it does for the endpoints of a service, whoever balances over them. */
    default Optional<EndpointCare> endpointCare(MeshService service, int port) {
        return Optional.empty();
    }

    /** What a gateway serves. */
    default List<GatewayPlan> gateway(WorkloadView gateway, ClusterLinker linker) {
        return List.of();
    }

    /** What is recorded of a workload's requests. */
    default Optional<Telemetry> telemetry(WorkloadView workload) {
        return Optional.empty();
    }

    /** What those are told whom a workload's policies refuse. */
    default Optional<Denials> denials(WorkloadView workload) {
        return Optional.empty();
    }

    /** What happens to a workload's traffic for hosts that the mesh does not know. */
    default Optional<OutboundPolicy> outboundPolicy(WorkloadView workload) {
        return Optional.empty();
    }

    /** Networks of the outside for which another policy holds, in the order to ask them. */
    default List<OutboundNetwork> outboundNetworks(WorkloadView workload) {
        return List.of();
    }

    /** The workloads that it describes. */
    default List<DeclaredWorkload> workloads() {
        return List.of();
    }

    /** The gateway workloads that its resources ask for, each by the labels that select it. */
    default List<DeclaredWorkload> gatewayWorkloads() {
        return List.of();
    }

    /** The tests that the configuration brings along. */
    default List<PolicyTest> policyTests() {
        return List.of();
    }

    /** What became of its resources, as far as their API has a status. */
    default List<ResourceStatus> statuses(ServiceCatalog catalog) {
        return List.of();
    }

    /** Whether a client's configuration takes a service in at all. */
    default boolean sees(WorkloadView client, MeshService service) {
        return true;
    }
}
