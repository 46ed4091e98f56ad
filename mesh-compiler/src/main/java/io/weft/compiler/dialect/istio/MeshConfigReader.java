package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.ResourceParser;
import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.listener.ForwardClientCert;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.route.Fraction;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * MeshConfig, wherever it stands: in the {@code mesh} key of a ConfigMap or in an IstioOperator. Of
 * several, the first that says something about a setting holds. For one compilation.
 */
final class MeshConfigReader {

    /** What a proxy keeps of a body in memory while it is checked. */
    private static final int MAX_CHECKED_BODY = 16 << 20;

    private final CompileContext context;
    private final Map<String, ExternalAuthorizer> authorizers = new LinkedHashMap<>();
    private final Map<String, TelemetryReader.LogProvider> logProviders = new LinkedHashMap<>();
    private final List<String> aliases = new ArrayList<>();
    private Optional<PathNormalization> normalization = Optional.empty();
    private Optional<OutboundPolicy> outbound = Optional.empty();
    private Optional<Integer> trustedProxies = Optional.empty();
    private @Nullable ForwardClientCert forwardClientCert;
    private Optional<Fraction> sampling = Optional.empty();
    private Optional<List<Tracing.CustomTag>> tags = Optional.empty();
    private List<AccessLog> accessLogs = List.of();

    MeshConfigReader(CompileContext context) {
        this.context = context;
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
        accessLog(mesh);
        mesh.get("extensionProviders").items().forEach(this::provider);
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
        mesh.unsupported(
                "routes without retries of their own have Istio's usual ones",
                "defaultHttpRetryPolicy");
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
                        "enableTracing",
                        "defaultProviders",
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

    private void accessLog(Field mesh) {
        String file = mesh.get("accessLogFile").text("");
        String line = mesh.get("accessLogFormat").text("");
        String encoding = mesh.get("accessLogEncoding").text("TEXT");
        if (file.isEmpty() || !accessLogs.isEmpty()) {
            return;
        }
        if (!file.equals("/dev/stdout")) {
            mesh.get("accessLogFile")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            "'" + file + "': access logs go to standard output",
                            "write /dev/stdout");
        }
        AccessLog.Format format =
                encoding.equals("JSON")
                        ? new AccessLog.Format.Json(Map.of())
                        : new AccessLog.Format.Text(
                                line.isEmpty() ? TelemetryReader.DEFAULT_LINE : line);
        accessLogs =
                List.of(
                        new AccessLog(
                                TelemetryReader.STDOUT,
                                format,
                                "",
                                mesh.get("accessLogFile").origin()));
    }

    private void proxyConfig(Field proxy) {
        Field topology = proxy.get("gatewayTopology");
        forwardClientCert(topology.get("forwardClientCertDetails"));
        topology.get("numTrustedProxies")
                .integer(0, 100)
                .ifPresent(n -> trustedProxies = trustedProxies.or(() -> Optional.of(n)));
        Field tracing = proxy.get("tracing");
        tracing.get("sampling")
                .number(0, 100)
                .ifPresent(p -> sampling = sampling.or(() -> Optional.of(Fraction.ofPercent(p))));
        if (tracing.get("customTags").isPresent()) {
            List<Tracing.CustomTag> read = TelemetryReader.tags(tracing.get("customTags"));
            tags = tags.or(() -> Optional.of(read));
        }
        tracing.accept();
        proxyStatsMatcher(proxy.get("proxyStatsMatcher"));
        ProxyConfigReader.running(proxy);
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
                        "proxyHeaders",
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

    private static void proxyStatsMatcher(Field matcher) {
        if (!matcher.isPresent()) {
            return;
        }
        int conditions = 0;
        for (String list :
                List.of(
                        "inclusionPrefixes",
                        "inclusionSuffixes",
                        "exclusionPrefixes",
                        "exclusionSuffixes")) {
            conditions += matcher.get(list).textItems().size();
        }
        for (String list : List.of("inclusionRegexps", "exclusionRegexps")) {
            for (Field expression : matcher.get(list).items()) {
                expression.regex();
                conditions++;
            }
        }
        matcher.info(
                Code.UNDERSTOOD,
                conditions
                        + " conditions, understood as a choice among Envoy's own statistics, which"
                        + " do not exist here; the istio_* metrics and the proxy's own are always"
                        + " served");
    }

    private void provider(Field item) {
        String name = item.get("name").required();
        Field http = item.get("envoyExtAuthzHttp");
        Field grpc = item.get("envoyExtAuthzGrpc");
        Field file = item.get("envoyFileAccessLog");
        Field otel = item.get("envoyOtelAls");
        if (http.isPresent()) {
            authorizers.putIfAbsent(name, authorizer(name, http, false));
        } else if (grpc.isPresent()) {
            authorizers.putIfAbsent(name, authorizer(name, grpc, true));
        } else if (file.isPresent()) {
            file.get("path").text();
            logProviders.putIfAbsent(name, logs(TelemetryReader.STDOUT, file.get("logFormat")));
        } else if (otel.isPresent()) {
            otel.accept();
            logProviders.putIfAbsent(name, logs(TelemetryReader.OTEL, otel.get("logFormat")));
        } else {
            // Tracers and metric back-ends: the proxy exports OTLP and Prometheus wherever it is
            // told.
            item.accept();
        }
    }

    private static TelemetryReader.LogProvider logs(String destination, Field format) {
        AccessLog.Format written = format.isPresent() ? TelemetryReader.format(format) : null;
        return new TelemetryReader.LogProvider(
                destination,
                written == null
                        ? new AccessLog.Format.Text(TelemetryReader.DEFAULT_LINE)
                        : written);
    }

    private ExternalAuthorizer authorizer(String name, Field field, boolean grpc) {
        String service = field.get("service").required();
        String host = service.substring(service.indexOf('/') + 1);
        int port = field.get("port").integer(1, 65535, grpc ? 9000 : 8000);
        List<String> headers =
                new ArrayList<>(field.get("includeRequestHeadersInCheck").textItems());
        headers.addAll(field.get("includeHeadersInCheck").textItems());
        Map<String, String> additional = new java.util.TreeMap<>();
        field.get("includeAdditionalHeadersInCheck")
                .texts()
                .forEach((header, value) ->
                        additional.put(header.toLowerCase(java.util.Locale.ROOT), value));
        Field body = field.get("includeRequestBodyInCheck");
        return new ExternalAuthorizer(
                name,
                grpc,
                qualify(host) + ":" + port,
                field.get("timeout").duration().orElse(java.time.Duration.ofMinutes(10)),
                field.get("failOpen").bool(false),
                field.get("statusOnError")
                        .loose()
                        .filter(status -> status.matches("[1-5][0-9][0-9]"))
                        .map(Integer::parseInt)
                        .orElse(403),
                field.get("pathPrefix").text(""),
                lower(headers),
                additional,
                lower(field.get("headersToUpstreamOnAllow").textItems()),
                lower(field.get("headersToDownstreamOnDeny").textItems()),
                lower(field.get("headersToDownstreamOnAllow").textItems()),
                body.get("maxRequestBytes").integer(0, MAX_CHECKED_BODY, 0),
                body.get("allowPartialMessage").bool(false),
                body.get("packAsBytes").bool(false),
                field.get("clearRouteCache").bool(false));
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(java.util.Locale.ROOT)).toList();
    }

    /** Providers name services by {@code name.namespace} as well. */
    private String qualify(String host) {
        String[] labels = host.split("\\.", -1);
        return switch (labels.length) {
            case 1 -> IstioHosts.qualify(host, context.rootNamespace());
            case 2 -> IstioHosts.qualify(labels[0], labels[1]);
            default -> IstioHosts.qualify(host, context.rootNamespace());
        };
    }

    MeshSettings settings() {
        return new MeshSettings(
                normalization.orElse(MeshSettings.DEFAULT.pathNormalization()),
                outbound.orElse(MeshSettings.DEFAULT.outboundPolicy()),
                aliases,
                trustedProxies.orElse(0),
                List.copyOf(authorizers.values()),
                forwardClientCert);
    }

    TrustDomains trustDomains() {
        return new TrustDomains(context.trustDomain(), aliases);
    }

    Set<String> authorizerNames() {
        return new TreeSet<>(authorizers.keySet());
    }

    Map<String, TelemetryReader.LogProvider> logProviders() {
        return logProviders;
    }

    /** What holds where no Telemetry resource says more. */
    Telemetry telemetry() {
        return new Telemetry(
                accessLogs,
                new Tracing(
                        true, sampling.orElse(Tracing.DEFAULT.sampling()), tags.orElse(List.of())),
                Metrics.DEFAULT);
    }

    /** Whether a ConfigMap holds MeshConfig. */
    static boolean isMeshConfig(io.weft.compiler.yaml.RawResource resource) {
        return resource.kind().equals("ConfigMap")
                && resource.group().isEmpty()
                && resource.peek("data", "mesh") != null
                && resource.name().startsWith("istio");
    }
}
