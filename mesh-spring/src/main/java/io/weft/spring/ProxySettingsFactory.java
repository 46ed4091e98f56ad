package io.weft.spring;

import io.weft.dataplane.CaptureBinding;
import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.GatewayBinding;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.UpstreamBinding;
import io.weft.dataplane.assembly.IdentitySource;
import io.weft.dataplane.assembly.ProxyPorts;
import io.weft.dataplane.assembly.ProxySettings;
import io.weft.dataplane.identity.JoinSettings;
import io.weft.dataplane.identity.LocalIdentity;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.overload.OverloadSettings;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.otlp.OtlpSettings;
import io.weft.dataplane.workloadapi.WorkloadApiSettings;
import io.weft.engine.MeshClock;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.catalog.Registration.RegisteredService;
import io.weft.model.catalog.ServicePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code weft.mesh.*} into what a proxy is made of. */
final class ProxySettingsFactory {

    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(60);

    private final MeshProperties properties;

    ProxySettingsFactory(MeshProperties properties) {
        this.properties = properties;
    }

    /**
     * @throws IllegalArgumentException naming the property that is wrong and the mend
     */
    ProxySettings.Builder settings() {
        DataPlaneSettings plane = plane();
        Path stateDir = Path.of(properties.stateDir());
        return ProxySettings.of(plane, identity(plane, stateDir), configuration(stateDir), ports())
                .otlp(otlp())
                .accessLog(accessLog())
                .telemetry(properties.telemetry())
                .redis(properties.redisUrl())
                .workloadApi(workloadApi());
    }

    private @Nullable WorkloadApiSettings workloadApi() {
        String socket = properties.workloadApi().socket();
        return socket == null || socket.isBlank()
                ? null
                : new WorkloadApiSettings(
                        Path.of(socket), Set.copyOf(properties.workloadApi().users()));
    }

    private OtlpSettings otlp() {
        String spans = properties.tracing().otlpEndpoint();
        String logs = properties.accessLog().otlpEndpoint();
        return OtlpSettings.to(spans)
                .withLogs(logs == null ? spans : logs)
                .withMetrics(
                        properties.metrics().otlpEndpoint(), properties.metrics().otlpInterval());
    }

    private ProxyPorts ports() {
        // Administration is Spring's actuator here.
        return new ProxyPorts(-1, properties.ports().health(), properties.ports().metrics());
    }

    private DataPlaneSettings plane() {
        String workload = properties.workload();
        DataPlaneSettings.Builder plane =
                DataPlaneSettings.forWorkload(properties.namespace(), workload)
                        .trustDomain(properties.trustDomain())
                        .serviceAccount(or(properties.serviceAccount(), workload))
                        .instance(or(properties.instance(), workload + "-0"))
                        .labels(
                                properties.labels().isEmpty()
                                        ? Map.of("app", workload)
                                        : properties.labels())
                        .locality(
                                properties.locality().isEmpty()
                                        ? Locality.UNKNOWN
                                        : Locality.parse(properties.locality()))
                        .cluster(properties.cluster())
                        .address(properties.address())
                        .outboundPort(properties.outboundPort())
                        .capture(capture())
                        .eventLoops(properties.eventLoops())
                        .overload(overload())
                        .routeWait(properties.routeWait())
                        .drainTime(properties.drainTime());
        for (MeshProperties.Inbound port : properties.inbound()) {
            plane.inbound(inbound(port));
        }
        for (MeshProperties.Service service : properties.services()) {
            plane.service(new RegisteredService(service.name(), servicePorts(service)));
        }
        for (MeshProperties.Upstream upstream : properties.upstreams()) {
            plane.upstream(new UpstreamBinding(upstream.destination(), upstream.port()));
        }
        for (MeshProperties.GatewayPort port : properties.gatewayPorts()) {
            plane.gatewayPort(new GatewayBinding(port.port(), port.bind(), port.proxyProtocol()));
        }
        return plane.build();
    }

    private OverloadSettings overload() {
        MeshProperties.Overload overload = properties.overload();
        return OverloadSettings.ofProcess()
                .bounds(
                        overload.connections(),
                        overload.connectionsPerListener(),
                        overload.requests())
                .memory(overload.shedAt(), overload.pauseAt());
    }

    private CaptureBinding capture() {
        MeshProperties.Capture capture = properties.capture();
        return new CaptureBinding(
                capture.outboundPort(),
                capture.inboundPort(),
                capture.inboundMode() == MeshProperties.Capture.Mode.TPROXY);
    }

    private static InboundBinding inbound(MeshProperties.Inbound port) {
        return new InboundBinding(
                port.port(),
                port.name(),
                AppProtocol.parse(port.protocol()),
                port.appAddress(),
                port.appPort() == 0 ? port.port() : port.appPort(),
                port.meshPort());
    }

    private List<ServicePort> servicePorts(MeshProperties.Service service) {
        if (service.ports().isEmpty()) {
            return properties.inbound().stream()
                    .map(port ->
                            new ServicePort(
                                    port.name(),
                                    port.port(),
                                    port.port(),
                                    AppProtocol.parse(port.protocol())))
                    .toList();
        }
        return service.ports().stream()
                .map(port ->
                        new ServicePort(
                                port.name(),
                                port.port(),
                                port.targetPort() == 0 ? port.port() : port.targetPort(),
                                AppProtocol.parse(port.protocol())))
                .toList();
    }

    private ProxySettings.Configuration configuration(Path stateDir) {
        String file = properties.configFile();
        return file == null
                ? new ProxySettings.Configuration.Stream(properties.controlPlane(), stateDir)
                : new ProxySettings.Configuration.File(Path.of(file));
    }

    private IdentitySource identity(DataPlaneSettings plane, Path stateDir) {
        MeshProperties.Join join = properties.join();
        MeshProperties.Identity files = properties.identity();
        if (files.chainFile() != null) {
            return new IdentitySource.Given(fromFiles(files, files.chainFile()));
        }
        if (join.url() == null && properties.configFile() != null) {
            return new IdentitySource.Given(
                    LocalIdentity.alone(plane.identity(), MeshClock.system()));
        }
        String url = required("weft.mesh.join.url", join.url(), "https://HOST:15010");
        String caFile = required("weft.mesh.join.ca-file", join.caFile(), "the mesh's root, PEM");
        List<String> addresses = List.of(address(url));
        String caPem = read("weft.mesh.join.ca-file", caFile);
        String tokenFile = join.tokenFile();
        JoinSettings settings =
                tokenFile != null
                        ? JoinSettings.withTokenFile(
                                plane.identity(), addresses, caPem, Path.of(tokenFile))
                        : JoinSettings.withToken(
                                plane.identity(), addresses, caPem, or(join.token(), ""));
        return new IdentitySource.Joined(settings, stateDir, JOIN_PATIENCE);
    }

    private static MeshTls fromFiles(MeshProperties.Identity files, String chain) {
        String key = required("weft.mesh.identity.key-file", files.keyFile(), "PKCS#8 PEM");
        String roots = required("weft.mesh.identity.roots-file", files.rootsFile(), "PEM");
        return LocalIdentity.fromFiles(
                Path.of(chain), Path.of(key), Path.of(roots), MeshClock.system());
    }

    private static String address(String url) {
        URI uri = URI.create(url);
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException(
                    "weft.mesh.join.url: '" + url + "' (expected: https://HOST:PORT)");
        }
        return uri.getHost() + ":" + uri.getPort();
    }

    private LineSink accessLog() {
        String file = properties.accessLog().file();
        if (file == null) {
            return LineSink.to(System.out);
        }
        try {
            return LineSink.to(
                    Files.newOutputStream(
                            Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "weft.mesh.access-log.file: " + file + " cannot be written", e);
        }
    }

    private static String read(String property, String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    property + ": " + file + " cannot be read (expected: a PEM file)", e);
        }
    }

    private static String required(String property, @Nullable String value, String expected) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(property + ": not set (expected: " + expected + ")");
        }
        return value;
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null || value.isBlank() ? otherwise : value;
    }
}
