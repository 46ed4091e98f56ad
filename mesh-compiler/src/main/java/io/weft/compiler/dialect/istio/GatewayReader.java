package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.listener.GatewayServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code Gateway}. */
final class GatewayReader {

    /** TLS modes as Istio names them. */
    enum Mode {
        PASSTHROUGH,
        SIMPLE,
        MUTUAL,
        AUTO_PASSTHROUGH,
        ISTIO_MUTUAL,
        OPTIONAL_MUTUAL
    }

    private GatewayReader() {}

    static GatewaySpec read(Field root) {
        Field spec = root.get("spec");
        String namespace = root.resource().namespace();
        String id = namespace + "/" + root.resource().name();
        Field selector = spec.get("selector");
        if (selector.entries().isEmpty()) {
            spec.warn(
                    Code.BROAD_POLICY,
                    "without a selector every gateway serves it",
                    "select the gateway by its labels");
        }
        List<GatewaySpec.Server> servers = new ArrayList<>();
        List<Field> items = spec.get("servers").items();
        if (items.isEmpty()) {
            spec.get("servers").reportMissing();
        }
        for (int i = 0; i < items.size(); i++) {
            GatewaySpec.Server server = server(items.get(i), i, id);
            if (server != null) {
                servers.add(server);
            }
        }
        return new GatewaySpec(id, namespace, selector.texts(), servers);
    }

    private static GatewaySpec.@Nullable Server server(Field field, int index, String gateway) {
        Field port = field.get("port");
        int number = port.get("number").integer(1, 65535, 0);
        String portName = port.get("name").text("server-" + index);
        port.get("targetPort").accept();
        field.get("name").accept();
        field.get("bind").unsupported("a gateway binds its ports to its own address");
        field.get("defaultEndpoint").unsupported("gateways do not forward to a local endpoint");
        if (number == 0) {
            if (!port.get("number").isPresent()) {
                port.get("number").reportMissing();
            }
            return null;
        }
        Field tlsField = field.get("tls");
        boolean redirect = tlsField.get("httpsRedirect").bool(false);
        GatewaySpec.Tls tls = tls(tlsField, port);
        GatewayServer.Protocol protocol = protocol(port, tls);
        return new GatewaySpec.Server(
                portName + "-" + index + "." + gateway.replace('/', '.'),
                number,
                protocol,
                hosts(field.get("hosts")),
                protocol == GatewayServer.Protocol.HTTP ? null : tls,
                redirect,
                field.origin());
    }

    private static GatewayServer.Protocol protocol(Field port, GatewaySpec.@Nullable Tls tls) {
        Field field = port.get("protocol");
        String name = field.text("").toUpperCase(Locale.ROOT);
        return switch (name) {
            case "HTTP", "HTTP2", "GRPC", "GRPC-WEB" -> GatewayServer.Protocol.HTTP;
            case "HTTPS" ->
                    tls != null && tls.passthrough()
                            ? GatewayServer.Protocol.TLS
                            : GatewayServer.Protocol.HTTPS;
            case "TLS" -> GatewayServer.Protocol.TLS;
            case "TCP", "MONGO", "REDIS", "MYSQL" -> GatewayServer.Protocol.TCP;
            case "" -> {
                field.reportMissing();
                yield GatewayServer.Protocol.TCP;
            }
            default -> {
                field.reportValue(name, "HTTP, HTTPS, GRPC, HTTP2, TLS, TCP");
                yield GatewayServer.Protocol.TCP;
            }
        };
    }

    private static List<GatewaySpec.HostPattern> hosts(Field list) {
        List<GatewaySpec.HostPattern> hosts = new ArrayList<>();
        String own = list.resource().namespace();
        for (Field item : list.items()) {
            String text = item.text("").toLowerCase(Locale.ROOT);
            int slash = text.indexOf('/');
            String namespace = slash < 0 ? "*" : text.substring(0, slash);
            hosts.add(
                    new GatewaySpec.HostPattern(
                            namespace.equals(".") ? own : namespace,
                            IstioHosts.qualify(text.substring(slash + 1), own)));
        }
        if (hosts.isEmpty()) {
            list.reportMissing();
        }
        return hosts;
    }

    private static GatewaySpec.@Nullable Tls tls(Field tls, Field port) {
        boolean secured =
                List.of("HTTPS", "TLS")
                        .contains(port.get("protocol").text("").toUpperCase(Locale.ROOT));
        if (!secured) {
            tls.accept();
            return null;
        }
        if (!tls.isPresent()) {
            tls.error(
                    Code.MISSING_FIELD,
                    "missing (expected: TLS settings for an HTTPS or TLS port)",
                    "add tls with mode and credentialName, or use protocol HTTP or TCP");
            return null;
        }
        Mode mode = tls.get("mode").constant(Mode.class).orElse(Mode.SIMPLE);
        if (!tls.get("mode").isPresent() && !hasCredential(tls)) {
            mode = Mode.PASSTHROUGH;
        }
        tls.unsupported(
                "files on the gateway's disk are not read: use credentialName",
                "serverCertificate",
                "privateKey",
                "caCertificates",
                "tlsCertificates",
                "caCrl");
        tls.unsupported(
                "certificates are checked by their chain and names",
                "verifyCertificateSpki",
                "verifyCertificateHash");
        tls.unsupported("only sound suites are offered", "cipherSuites", "maxProtocolVersion");
        List<String> credentials = new ArrayList<>(tls.get("credentialNames").textItems());
        tls.get("credentialName").text().ifPresent(credentials::add);
        boolean passes = mode == Mode.PASSTHROUGH || mode == Mode.AUTO_PASSTHROUGH;
        if (mode == Mode.AUTO_PASSTHROUGH) {
            tls.get("mode")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            "AUTO_PASSTHROUGH is read as PASSTHROUGH: it needs TLS routes",
                            "write PASSTHROUGH and tls routes");
        }
        if (!passes && mode != Mode.ISTIO_MUTUAL && credentials.isEmpty()) {
            tls.get("credentialName").reportMissing();
        }
        return new GatewaySpec.Tls(
                passes,
                clients(mode),
                credentials,
                minVersion(tls.get("minProtocolVersion")),
                tls.get("subjectAltNames").textItems());
    }

    private static boolean hasCredential(Field tls) {
        return tls.get("credentialName").isPresent()
                || tls.get("credentialNames").isPresent()
                || tls.get("serverCertificate").isPresent();
    }

    private static GatewayServer.ClientCertificates clients(Mode mode) {
        return switch (mode) {
            case MUTUAL -> GatewayServer.ClientCertificates.REQUIRED;
            case OPTIONAL_MUTUAL -> GatewayServer.ClientCertificates.OPTIONAL;
            case ISTIO_MUTUAL -> GatewayServer.ClientCertificates.MESH;
            case SIMPLE, PASSTHROUGH, AUTO_PASSTHROUGH -> GatewayServer.ClientCertificates.NONE;
        };
    }

    private static String minVersion(Field field) {
        String version = field.text("TLS_AUTO");
        return switch (version) {
            case "TLSV1_3" -> "TLSv1.3";
            case "TLS_AUTO", "TLSV1_2" -> "TLSv1.2";
            case "TLSV1_0", "TLSV1_1" -> {
                field.warn(
                        Code.LEGACY_VALUE,
                        "'" + version + "' is not offered any more; TLS 1.2 is the lowest",
                        "write TLSV1_2");
                yield "TLSv1.2";
            }
            default -> {
                field.reportValue(version, "TLS_AUTO, TLSV1_2, TLSV1_3");
                yield "TLSv1.2";
            }
        };
    }
}
