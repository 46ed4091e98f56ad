package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import java.util.LinkedHashMap;
import java.util.Map;

/** All checks of this package, by the names that Istio gives its analysers. */
public final class IstioChecks {

    private IstioChecks() {}

    /** In the order in which they run. Istio's names are what its conformance cases refer to. */
    public static Map<String, Check> all() {
        Map<String, Check> all = new LinkedHashMap<>();
        all.put("annotations.K8sAnalyzer", new Annotations());
        all.put("applicationUID.Analyzer", new ApplicationUser());
        all.put("auth.AuthorizationPoliciesAnalyzer", new AuthorizationTargets());
        all.put("auth.HttpOnlyDenials", new HttpOnlyDenials());
        all.put("authn.BlockedCIDRsAnalyzer", new JwksFetching());
        all.put("conditions.ConditionAnalyzer", new NegativeConditions());
        all.put("deployment.MultiServiceAnalyzer", new DeploymentServices());
        all.put("deprecation.DeprecationAnalyzer", new DeprecatedFields());
        all.put("destinationrule.CaCertificateAnalyzer", new ServerCertificates());
        all.put("destinationrule.SubsetSelectPodAnalyzer", new SubsetPods());
        all.put("destinationrule.UnknownDestinationRuleHostAnalyzer", new DestinationRuleHosts());
        all.put("envoyfilter.EnvoyPatchAnalyzer", new EnvoyFilterPatches());
        all.put("externalcontrolplane.ExternalControlPlaneAnalyzer", new ExternalControlPlane());
        all.put("gateway.CertificateAnalyzer", new DuplicateCertificates());
        all.put("gateway.ConflictingGatewayAnalyzer", new ConflictingGateways());
        all.put("gateway.IngressGatewayPortAnalyzer", new GatewayPorts());
        all.put("gateway.SecretAnalyzer", new GatewaySecrets());
        all.put("injection.Analyzer", new SidecarInjection());
        all.put("injection.ImageAnalyzer", new ProxyImages());
        all.put("injection.ImageAutoAnalyzer", new ImageAuto());
        all.put("k8sgateway.CRDVersionAnalyzer", new GatewayApiVersions());
        all.put("k8sgateway.SelectorAnalyzer", new GatewayPodSelectors());
        all.put("k8sgateway.ServedVersions", new GatewayApiServed());
        all.put("kubernetes.Version", new KubernetesVersions());
        all.put("meshnetworks.MeshNetworksAnalyzer", new MeshNetworks());
        all.put("schema.ValidationAnalyzer.VirtualService", new RouteMatches());
        all.put("service.PortNameAnalyzer", new ServicePortNames());
        all.put("serviceentry.Analyzer", new ServiceEntryAddresses());
        all.put(
                "serviceentry.ConflictingServiceEntryProtocolAnalyzer",
                new ServiceEntryProtocols());
        all.put("sidecar.Ambient", new AmbientSidecars());
        all.put("sidecar.SelectorAnalyzer", WorkloadSelectors.sidecars());
        all.put("telemetry.LightstepAnalyzer", new DeprecatedTelemetryProviders());
        all.put("telemetry.ProviderAnalyzer", new TelemetryProviders());
        all.put("telemetry.SelectorAnalyzer", WorkloadSelectors.telemetries());
        all.put("virtualservice.ConflictingMeshGatewayHostsAnalyzer", new MeshHostConflicts());
        all.put("virtualservice.DestinationHostAnalyzer", new DestinationHosts());
        all.put("virtualservice.DestinationRuleAnalyzer", new DestinationSubsets());
        all.put("virtualservice.GatewayAnalyzer", new VirtualServiceGateways());
        all.put("virtualservice.IngressSubsets", new IngressSubsets());
        all.put("virtualservice.JWTClaimRouteAnalyzer", new JwtClaimRoutes());
        all.put("webhook.Analyzer", new InjectionWebhooks());
        return all;
    }
}
