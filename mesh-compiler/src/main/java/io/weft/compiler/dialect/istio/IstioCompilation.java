package io.weft.compiler.dialect.istio;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.Inventory;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** One run over all of Istio's resources. */
final class IstioCompilation {

    private static final Map<String, Set<String>> VERSIONS =
            Map.of(
                    "networking.istio.io", Set.of("v1", "v1beta1", "v1alpha3"),
                    "security.istio.io", Set.of("v1", "v1beta1"),
                    "telemetry.istio.io", Set.of("v1", "v1alpha1"),
                    "install.istio.io", Set.of("v1alpha1"),
                    "extensions.istio.io", Set.of("v1alpha1"));

    /** Kinds that are read before the others. */
    private static final Set<String> EARLIER =
            Set.of("ConfigMap", "IstioOperator", "WorkloadEntry");

    private final CompileContext context;
    private final MeshConfigReader meshConfig;
    private final List<VirtualServiceSpec> virtualServices = new ArrayList<>();
    private final List<DestinationRules.Rule> destinationRules = new ArrayList<>();
    private final List<GatewaySpec> gateways = new ArrayList<>();
    private final List<MeshService> services = new ArrayList<>();
    private final List<ServiceEntryReader.Entry> workloadEntries = new ArrayList<>();
    private final PeerAuthentications peerAuthentications;
    private final RequestAuthentications requestAuthentications = new RequestAuthentications();
    private final Sidecars sidecars = new Sidecars();

    IstioCompilation(CompileContext context) {
        this.context = context;
        this.meshConfig = new MeshConfigReader(context);
        this.peerAuthentications = new PeerAuthentications(context);
    }

    IstioPolicies compile(List<RawResource> resources) {
        // What the mesh configuration and the WorkloadEntries say, others refer to.
        each(resources, "ConfigMap", meshConfig::configMap);
        each(resources, "IstioOperator", meshConfig::operator);
        each(
                resources,
                "WorkloadEntry",
                root -> workloadEntries.add(ServiceEntryReader.workloadEntry(root)));
        AuthorizationPolicies authorization =
                new AuthorizationPolicies(
                        context,
                        meshConfig.trustDomains(),
                        meshConfig.providers().authorizerNames());
        Telemetries telemetries =
                new Telemetries(
                        context.rootNamespace(),
                        meshConfig.telemetry(),
                        new TelemetryReader(meshConfig.providers()));
        for (RawResource resource : resources) {
            read(resource, authorization, telemetries);
        }
        VirtualServices routes =
                new VirtualServices(
                        virtualServices, meshConfig.settings().retries(), context.diagnostics());
        DestinationRules rules = new DestinationRules(context.rootNamespace(), destinationRules);
        Gateways served = new Gateways(gateways, routes, context.diagnostics());
        reportSubsets(rules);
        reportGateways(served);
        Inventory inventory =
                new Inventory(
                        services,
                        Map.of(),
                        requestAuthentications.inlineJwks(),
                        requestAuthentications.jwksUris(),
                        Map.of());
        return new IstioPolicies(
                inventory,
                meshConfig.settings(),
                routes,
                rules,
                served,
                peerAuthentications,
                requestAuthentications,
                authorization,
                telemetries,
                sidecars);
    }

    private void each(List<RawResource> resources, String kind, Consumer<Field> reader) {
        for (RawResource resource : resources) {
            if (resource.kind().equals(kind)) {
                Field root = context.open(resource, Dialect.ISTIO);
                reader.accept(root);
                if (!kind.equals("ConfigMap") && !kind.equals("IstioOperator")) {
                    root.reportUnknown(Level.ERROR);
                }
            }
        }
    }

    private void read(
            RawResource resource, AuthorizationPolicies authorization, Telemetries telemetries) {
        switch (resource.kind()) {
            case "VirtualService" ->
                    virtualServices.add(reading(resource, "", VirtualServiceReader::read));
            case "DestinationRule" ->
                    destinationRules.add(reading(resource, "", DestinationRules::read));
            case "Gateway" -> gateways.add(reading(resource, "", GatewayReader::read));
            case "PeerAuthentication" ->
                    peerAuthentications.add(
                            reading(resource, "", peerAuthentications::read), resource, context);
            case "AuthorizationPolicy" ->
                    authorization.add(
                            reading(resource, authorization.given(), authorization::read));
            case "Telemetry" ->
                    telemetries.add(reading(resource, telemetries.given(), telemetries::read));
            default ->
                    whole(
                            context.open(resource, Dialect.ISTIO),
                            root -> {
                                take(root);
                                return "";
                            });
        }
    }

    /** A resource whose meaning depends on nothing but itself and what is given. */
    private <T> T reading(RawResource resource, Object given, Function<Field, T> reader) {
        return context.read(resource, Dialect.ISTIO, given, root -> whole(root, reader));
    }

    /** Reads a resource with the checks that hold for every kind. */
    private static <T> T whole(Field root, Function<Field, T> reader) {
        SchemaRules.check(root);
        T read = reader.apply(root);
        String kind = root.resource().kind();
        if (!EARLIER.contains(kind)) {
            reportVersion(root, root.resource());
            root.reportUnknown(Level.ERROR);
        }
        return read;
    }

    private void take(Field root) {
        switch (root.resource().kind()) {
            case "ConfigMap", "IstioOperator", "WorkloadEntry" -> {}
            case "ServiceEntry" -> services.addAll(ServiceEntryReader.read(root, workloadEntries));
            case "RequestAuthentication" -> requestAuthentications.add(root, context);
            case "Sidecar" -> sidecars.add(root, context);
            case "WorkloadGroup" -> ServiceEntryReader.workloadGroup(root);
            case "ProxyConfig" -> ProxyConfigReader.read(root);
            case "EnvoyFilter", "WasmPlugin" ->
                    notEnforced(root, "it extends Envoy, which is not what runs here");
            default ->
                    root.error(
                            Code.UNKNOWN_KIND,
                            "no kind of " + root.resource().group(),
                            "check the spelling of kind");
        }
    }

    private static void notEnforced(Field root, String why) {
        root.accept();
        root.warn(Code.NOT_ENFORCED, "read, but not enforced: " + why, "");
    }

    private static void reportVersion(Field root, RawResource resource) {
        Set<String> known = VERSIONS.getOrDefault(resource.group(), Set.of());
        if (!known.contains(resource.version())) {
            root.get("apiVersion")
                    .error(
                            Code.UNKNOWN_KIND,
                            "'"
                                    + resource.apiVersion()
                                    + "' (expected: a version of "
                                    + known.stream().sorted().toList()
                                    + ")",
                            "write " + resource.group() + "/v1");
        }
    }

    private void reportSubsets(DestinationRules rules) {
        for (VirtualServiceSpec spec : virtualServices) {
            Stream<Target> http = spec.http().stream().flatMap(r -> r.targets().stream());
            Stream<Target> other = spec.connections().stream().flatMap(r -> r.targets().stream());
            Stream.concat(http, other)
                    .filter(target -> !target.subset().isEmpty())
                    .filter(target -> !rules.definesSubset(target.host(), target.subset()))
                    .forEach(target ->
                            report(
                                    Code.UNKNOWN_SUBSET,
                                    target.origin(),
                                    target.subset(),
                                    "no DestinationRule defines subset '"
                                            + target.subset()
                                            + "' of "
                                            + target.host()
                                            + ": its share is answered with 503",
                                    "define the subset"));
        }
    }

    private void reportGateways(Gateways served) {
        for (VirtualServiceSpec spec : virtualServices) {
            for (String gateway : spec.gateways()) {
                if (!gateway.equals(GatewayNames.MESH) && !served.exists(gateway)) {
                    report(
                            Code.DANGLING_REFERENCE,
                            spec.origin(),
                            gateway,
                            "Gateway " + gateway + " does not exist: it is not served there",
                            "create the Gateway, or correct spec.gateways");
                }
            }
        }
    }

    private void report(Code code, Origin at, String value, String message, String mend) {
        context.diagnostics()
                .add(
                        new Diagnostic(
                                code,
                                Level.WARNING,
                                at.kind(),
                                at.namespace(),
                                at.name(),
                                "",
                                at.file(),
                                at.line(),
                                1,
                                value,
                                message,
                                mend));
    }
}
