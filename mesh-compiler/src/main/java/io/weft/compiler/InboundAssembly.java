package io.weft.compiler;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.InboundPlan;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.JwtRule;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundNetwork;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Filter;
import io.weft.model.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What guards a workload's own ports, and what holds for it as a whole. */
final class InboundAssembly {

    private static final MtlsSetting PERMISSIVE =
            new MtlsSetting(
                    MtlsMode.PERMISSIVE, Origin.builtIn("PERMISSIVE unless a policy says more"));

    private final CompiledPolicies policies;
    private final ServiceCatalog catalog;
    private final WorkloadIdentity workload;
    private final WorkloadView view;
    private final TrustDomainNames trustDomain;
    private final List<JwtRule> tokenRules;
    private final List<Filter> filters;

    InboundAssembly(CompiledPolicies policies, ServiceCatalog catalog, WorkloadIdentity workload) {
        this.policies = policies;
        this.catalog = catalog;
        this.workload = workload;
        this.view = workload.view();
        this.trustDomain =
                TrustDomainNames.of(
                        policies.options().trustDomain(),
                        policies.meshSettings().trustDomainAliases());
        List<String> services =
                catalog.servicesOf(view.namespace(), view.name(), view.labels()).stream()
                        .map(MeshService::name)
                        .toList();
        this.tokenRules =
                policies.dialects().stream()
                        .flatMap(d -> d.tokenRules(view, services).stream())
                        .toList();
        this.filters =
                policies.dialects().stream().flatMap(d -> d.inboundFilters(view).stream()).toList();
    }

    WorkloadConfig assemble(List<GatewayServer> servers) {
        MeshSettings mesh = policies.meshSettings();
        List<MeshService> services =
                catalog.servicesOf(view.namespace(), view.name(), view.labels());
        List<InboundPort> ports = new ArrayList<>();
        workload.ports().stream()
                .sorted(Comparator.comparingInt(RegisteredPort::port))
                .forEach(port -> ports.add(inbound(port, services)));
        boolean gateway = view.gateway();
        List<OutboundNetwork> networks =
                policies.dialects().stream()
                        .flatMap(dialect -> dialect.outboundNetworks(view).stream())
                        .toList();
        return new WorkloadConfig(
                workload.id(),
                policies.options().trustDomain(),
                mesh.trustDomainAliases(),
                mesh.pathNormalization(),
                first(d -> d.outboundPolicy(view)).orElse(mesh.outboundPolicy()),
                gateway ? List.of() : ports,
                undeclared(services),
                servers,
                gateway ? tokenRules : List.of(),
                gateway ? program(0, "", AppProtocol.HTTP, services) : AuthzProgram.ALLOW_ALL,
                mesh.trustedProxies(),
                mesh.externalAuthorizers(),
                first(d -> d.telemetry(view)).orElse(Telemetry.DEFAULT),
                mesh.forwardClientCert(),
                first(d -> d.denials(view)).orElse(null),
                networks);
    }

    /** A question to a dialect. */
    private interface Question<T> {
        Optional<T> ask(DialectPolicies dialect);
    }

    private <T> Optional<T> first(Question<T> question) {
        return policies.dialects().stream()
                .map(question::ask)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private InboundPort inbound(RegisteredPort port, List<MeshService> services) {
        Optional<InboundPlan> plan = first(d -> d.inbound(view, port.port()));
        AppProtocol protocol =
                plan.map(InboundPlan::protocol)
                        .filter(declared -> declared != AppProtocol.AUTO)
                        .orElse(port.protocol());
        String host = "";
        for (MeshService service : services) {
            var declared =
                    service.ports().stream()
                            .filter(p ->
                                    p.targetName().isEmpty()
                                            ? p.targetPort() == port.port()
                                            : p.targetName().equals(port.name()))
                            .findFirst();
            if (declared.isPresent()) {
                host = host.isEmpty() ? service.host() : host;
                if (protocol == AppProtocol.AUTO) {
                    protocol = policies.protocol(service, declared.get().protocol());
                }
            }
        }
        MtlsSetting mtls = first(d -> d.mtls(view, port.port())).orElse(PERMISSIVE);
        return new InboundPort(
                port.port(),
                port.name(),
                protocol,
                host,
                mtls.mode(),
                mtls.origin(),
                tokenRules,
                program(port.port(), port.name(), protocol, services),
                with(filters, port.port(), port.name()),
                plan.map(InboundPlan::applicationPort).orElse(0));
    }

    private InboundPort undeclared(List<MeshService> services) {
        MtlsSetting mtls = first(d -> d.mtls(view, 0)).orElse(PERMISSIVE);
        return new InboundPort(
                0,
                "",
                AppProtocol.AUTO,
                "",
                mtls.mode(),
                mtls.origin(),
                tokenRules,
                program(0, "", AppProtocol.AUTO, services),
                with(filters, 0, ""));
    }

    /** Those of every dialect for requests that arrive come first. */
    private List<Filter> with(List<Filter> own, int port, String name) {
        List<Filter> all = new ArrayList<>();
        for (DialectPolicies dialect : policies.dialects()) {
            all.addAll(dialect.workloadFilters(view, port, name));
        }
        all.addAll(own);
        return all;
    }

    /** Istio's dialect does so itself: there a trust domain can be asked for by name. */
    private AuthzLayer underAllNames(AuthzLayer layer) {
        return layer.dialect() == Dialect.ISTIO ? layer : trustDomain.all(layer);
    }

    private AuthzProgram program(
            int port, String portName, AppProtocol protocol, List<MeshService> services) {
        InboundView inbound =
                new InboundView(
                        port,
                        portName,
                        protocol,
                        services.stream().map(MeshService::name).toList());
        List<AuthzLayer> layers =
                policies.dialects().stream()
                        .map(dialect -> dialect.authorization(view, inbound))
                        .flatMap(Optional::stream)
                        .map(this::underAllNames)
                        .toList();
        return new AuthzProgram(layers);
    }
}
