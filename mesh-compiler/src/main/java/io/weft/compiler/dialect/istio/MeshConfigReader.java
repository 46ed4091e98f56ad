package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.ResourceParser;
import io.weft.model.listener.ForwardClientCert;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MeshConfig, wherever it stands: in the {@code mesh} key of a ConfigMap or in an IstioOperator. Of
 * several, the first that says something about a setting holds. For one compilation.
 */
final class MeshConfigReader {

    private final CompileContext context;
    private final ExtensionProviders providers;
    private final MeshTelemetry telemetry;
    private final List<String> aliases = new ArrayList<>();
    private Optional<PathNormalization> normalization = Optional.empty();
    private Optional<OutboundPolicy> outbound = Optional.empty();
    private Optional<Integer> trustedProxies = Optional.empty();
    private @Nullable ForwardClientCert forwardClientCert;
    private MeshSettings.@Nullable Retries retries;

    MeshConfigReader(CompileContext context) {
        this.context = context;
        this.providers = new ExtensionProviders(context.rootNamespace());
        this.telemetry = new MeshTelemetry(providers);
    }

    /** A ConfigMap with a {@code mesh} key. */
    void configMap(Field root) {
        Field holder = root.get("data").accept().get("mesh");
        Field mesh = new ResourceParser(context.diagnostics()).embedded(holder);
        if (mesh != null) {
            read(mesh);
            mesh.reportUnknown(Level.WARNING);
        }
    }

    /**
     * An IstioOperator: its {@code meshConfig}; what it installs is none of the mesh's business.
     */
    void operator(Field root) {
        Field spec = root.get("spec");
        Field mesh = spec.get("meshConfig");
        if (mesh.isPresent()) {
            read(mesh);
        } else {
            root.info(
                    Code.UNDERSTOOD,
                    "understood as installation settings: nothing in it decides about requests");
        }
        ProxyConfigReader.values(spec.get("values"));
        for (String other :
                List.of(
                        "components",
                        "profile",
                        "hub",
                        "tag",
                        "revision",
                        "namespace",
                        "installPackagePath",
                        "unvalidatedValues",
                        "compatibilityVersion",
                        "resourceSuffix",
                        "addonComponents")) {
            spec.get(other).accept();
        }
        root.reportUnknown(Level.WARNING);
    }

    private void read(Field mesh) {
        Field level = mesh.get("pathNormalization").get("normalization");
        level.text()
                .flatMap(name -> normalization(level, name))
                .ifPresent(value -> normalization = normalization.or(() -> Optional.of(value)));
        Field mode = mesh.get("outboundTrafficPolicy").get("mode");
        mode.constant(OutboundPolicy.class)
                .ifPresent(value -> outbound = outbound.or(() -> Optional.of(value)));
        aliases.addAll(mesh.get("trustDomainAliases").textItems());
        String trustDomain = mesh.get("trustDomain").text(context.trustDomain());
        if (!trustDomain.equals(context.trustDomain())) {
            mesh.get("trustDomain")
                    .warn(
                            Code.CONTRADICTION,
                            "'"
                                    + trustDomain
                                    + "', but the control plane issues identities of "
                                    + context.trustDomain(),
                            "start the control plane with this trust domain");
        }
        mesh.get("extensionProviders").items().forEach(providers::add);
        telemetry.read(mesh);
        proxyConfig(mesh.get("defaultConfig"));
        meshWide(mesh);
    }

    /** What holds for the whole mesh in Istio and is decided elsewhere here. */
    private void meshWide(Field mesh) {
        String root = mesh.get("rootNamespace").text(context.rootNamespace());
        if (!root.equals(context.rootNamespace())) {
            mesh.get("rootNamespace")
                    .warn(
                            Code.CONTRADICTION,
                            "'" + root + "', but the root namespace is " + context.rootNamespace(),
                            "start the control plane with this root namespace");
        }
        if (!mesh.get("enableAutoMtls").bool(true)) {
            mesh.get("enableAutoMtls")
                    .unsupported(
                            "callees with a sidecar are called by mutual TLS unless a"
                                    + " DestinationRule says otherwise");
        }
        mesh.unsupported(
                "services are visible everywhere unless they say otherwise themselves",
                "defaultServiceExportTo",
                "defaultVirtualServiceExportTo",
                "defaultDestinationRuleExportTo",
                "serviceSettings",
                "discoverySelectors");
        MeshSettings.Retries read =
                HttpRouteReader.RetryReader.read(mesh.get("defaultHttpRetryPolicy"));
        retries = retries == null ? read : retries;
        mesh.unsupported("each DestinationRule says it for its own host", "localityLbSetting");
        mesh.unsupported("TLS 1.2 and 1.3 with sound suites are spoken", "meshMTLS", "tlsDefaults");
        mesh.unsupported(
                "the proxies have their own limits of time",
                "protocolDetectionTimeout",
                "dnsRefreshRate",
                "connectTimeout",
                "tcpKeepalive");
        // Ingress resources, scraping and tracers are set up where they run.
        for (String other :
                List.of(
                        "ingressService",
                        "ingressSelector",
                        "ingressClass",
                        "ingressControllerMode",
                        "enablePrometheusMerge",
                        "verifyCertificateAtClient")) {
            mesh.get(other).accept();
        }
    }

    private static Optional<PathNormalization> normalization(Field field, String name) {
        return switch (name) {
            case "NONE" -> Optional.of(PathNormalization.NONE);
            case "DEFAULT", "BASE" -> Optional.of(PathNormalization.BASE);
            case "MERGE_SLASHES" -> Optional.of(PathNormalization.MERGE_SLASHES);
            case "DECODE_AND_MERGE_SLASHES" ->
                    Optional.of(PathNormalization.DECODE_AND_MERGE_SLASHES);
            default -> {
                field.reportValue(
                        name, "DEFAULT, NONE, BASE, MERGE_SLASHES, DECODE_AND_MERGE_SLASHES");
                yield Optional.empty();
            }
        };
    }

    private void proxyConfig(Field proxy) {
        Field topology = proxy.get("gatewayTopology");
        forwardClientCert(topology.get("forwardClientCertDetails"));
        topology.get("numTrustedProxies")
                .integer(0, 100)
                .ifPresent(n -> trustedProxies = trustedProxies.or(() -> Optional.of(n)));
        telemetry.proxyConfig(proxy);
        ProxyConfigReader.running(proxy);
        proxy.get("proxyHeaders").unsupported("which headers a proxy adds is not configured");
        for (String other :
                List.of(
                        "proxyMetadata",
                        "discoveryAddress",
                        "drainDuration",
                        "terminationDrainDuration",
                        "meshId",
                        "statusPort",
                        "image",
                        "privateKeyProvider",
                        "readinessProbe",
                        "extraStatTags",
                        "configPath",
                        "binaryPath",
                        "serviceCluster",
                        "tracingServiceName")) {
            proxy.get(other).accept();
        }
    }

    private void forwardClientCert(Field details) {
        if (!details.isPresent()) {
            return;
        }
        String text = details.text("");
        for (ForwardClientCert each : ForwardClientCert.values()) {
            if (each.name().equals(text)) {
                forwardClientCert = forwardClientCert == null ? each : forwardClientCert;
                return;
            }
        }
        if (!text.equals("UNDEFINED")) {
            details.reportValue(
                    text,
                    "SANITIZE, FORWARD_ONLY, APPEND_FORWARD, SANITIZE_SET, ALWAYS_FORWARD_ONLY");
        }
    }

    MeshSettings settings() {
        return new MeshSettings(
                normalization.orElse(MeshSettings.DEFAULT.pathNormalization()),
                outbound.orElse(MeshSettings.DEFAULT.outboundPolicy()),
                aliases,
                trustedProxies.orElse(0),
                providers.authorizers(),
                forwardClientCert,
                retries);
    }

    TrustDomains trustDomains() {
        return new TrustDomains(context.trustDomain(), aliases);
    }

    /** The external authorisers and the places where access logs go. */
    ExtensionProviders providers() {
        return providers;
    }

    /** What holds where no Telemetry resource says more. */
    Telemetry telemetry() {
        return telemetry.defaults();
    }

    /** Whether a ConfigMap holds MeshConfig. */
    static boolean isMeshConfig(io.weft.compiler.yaml.RawResource resource) {
        return resource.kind().equals("ConfigMap")
                && resource.group().isEmpty()
                && resource.peek("data", "mesh") != null
                && resource.name().startsWith("istio");
    }
}
