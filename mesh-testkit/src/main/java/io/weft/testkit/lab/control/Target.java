package io.weft.testkit.lab.control;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.testkit.lab.client.Dial;
import io.weft.testkit.lab.client.Protocol;
import io.weft.testkit.lab.client.TlsOptions;
import io.weft.testkit.lab.mesh.LabGateway;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabProblem;
import io.weft.testkit.lab.mesh.LabReplica;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes in through.
 *
 * @param dial null when the name is not known to anybody
 * @param firstProxy instance of the proxy that sees it first, null when none does
 * @param authority as a client writes it: the port only where it is not the scheme's own
 */
record Target(@Nullable Dial dial, @Nullable String firstProxy, String authority, String scheme) {

    static Target of(LabMesh mesh, Callers.Caller caller, RequestOrder order, Protocol protocol) {
        RequestOrder.To to = order.to();
        String host = to == null ? null : to.host();
        if (to == null || host == null || host.isEmpty()) {
            throw new LabProblem("to.host: missing (expected: a host name or an address)");
        }
        // Through a gateway it is the authority, so that it may have a port of its own.
        int colon = host.lastIndexOf(':');
        boolean ported =
                caller instanceof Callers.Caller.Outside && host.matches("[^:\\[\\]]+:[0-9]+");
        String authorityPort = ported ? host.substring(colon) : "";
        host = checked(ported ? host.substring(0, colon) : host);
        boolean tls = Boolean.TRUE.equals(order.tls()) || protocol == Protocol.TLS;
        int port = to.port() == null ? (tls ? 443 : 80) : to.port();
        if (port < 1 || port > 65535) {
            throw new LabProblem("to.port: " + port + " (expected: 1..65535)");
        }
        String scheme = tls ? "https" : "http";
        String authority =
                ported ? host + authorityPort : port == (tls ? 443 : 80) ? host : host + ":" + port;
        TlsOptions secure = tls ? tls(order, protocol, host, port, caller) : null;
        return switch (caller) {
            case Callers.Caller.Outside(LabGateway gateway) ->
                    outside(gateway, port, secure, authority, scheme);
            case Callers.Caller.Inside(LabReplica replica) ->
                    inside(mesh, replica, order, host, port, secure, authority, scheme);
        };
    }

    /** An IPv6 address may stand in brackets or not; from here on it does. */
    private static String checked(String host) {
        boolean bare = host.matches("[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*");
        if (host.matches("\\[[0-9a-fA-F:.%]+]") || bare) {
            return bare ? "[" + host + "]" : host;
        }
        if (!host.chars().allMatch(c -> c > ' ' && c != 0x7F && ":/?#@[]".indexOf(c) < 0)) {
            throw new LabProblem(
                    "to.host: '"
                            + host.replaceAll("\\p{Cntrl}", "?")
                            + "' (expected: a host name or an address; its port in to.port)");
        }
        return host;
    }

    private static Target outside(
            LabGateway gateway,
            int port,
            @Nullable TlsOptions tls,
            String authority,
            String scheme) {
        Integer bound = gateway.ports().get(port);
        if (bound == null) {
            throw new LabProblem(
                    "to.port: "
                            + port
                            + " (expected: one of the gateway's, "
                            + gateway.ports().keySet()
                            + ")");
        }
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", bound);
        return new Target(
                new Dial(address, null, null, tls), gateway.instance(), authority, scheme);
    }

    private static Target inside(
            LabMesh mesh,
            LabReplica replica,
            RequestOrder order,
            String host,
            int port,
            @Nullable TlsOptions tls,
            String authority,
            String scheme) {
        MeshProxy proxy = replica.proxy();
        String from = replica.workload().address();
        if (proxy == null || Boolean.TRUE.equals(order.direct())) {
            Optional<InetSocketAddress> callee = new Names(mesh).resolve(replica, host, port);
            Dial dial = callee.map(to -> new Dial(to, from, null, tls)).orElse(null);
            String first = callee.map(to -> sidecarAt(mesh, to.getPort())).orElse(null);
            return new Target(dial, first, authority, scheme);
        }
        // The explicit proxy serves its own application only, so it is on loopback always.
        InetSocketAddress outbound =
                new InetSocketAddress("127.0.0.1", proxy.plane().outboundPort());
        return new Target(
                new Dial(outbound, from, host + ":" + port, tls),
                replica.instance(),
                authority,
                scheme);
    }

    private static @Nullable String sidecarAt(LabMesh mesh, int port) {
        return mesh.replicas().stream()
                .filter(each ->
                        each.proxy() != null
                                && each.proxy().plane().inboundPorts().containsValue(port))
                .map(LabReplica::instance)
                .findFirst()
                .orElse(null);
    }

    private static TlsOptions tls(
            RequestOrder order, Protocol protocol, String host, int port, Callers.Caller caller) {
        List<String> alpn = order.alpn();
        if (alpn != null && alpn.stream().anyMatch(each -> each == null || each.isEmpty())) {
            throw new LabProblem("alpn: " + alpn + " (expected: a list of protocol names)");
        }
        if (alpn == null) {
            alpn =
                    switch (protocol) {
                        case HTTP2, GRPC -> List.of("h2");
                        case HTTP1, WEBSOCKET -> List.of("http/1.1");
                        case TCP, TLS -> List.of();
                    };
        }
        boolean named = !host.matches("[0-9.]+|.*:.*");
        String sni = order.sni() != null ? order.sni() : named ? host : null;
        if (order.sni() == null
                && Boolean.TRUE.equals(order.direct())
                && order.clientCertificate() != null) {
            // What a sidecar is known by where the application may speak TLS itself.
            sni = "outbound_." + port + "_._." + host;
        }
        return new TlsOptions(sni, alpn, credential(order.clientCertificate(), caller));
    }

    private static TlsOptions.@Nullable Credential credential(
            @Nullable String wanted, Callers.Caller caller) {
        if (wanted == null) {
            return null;
        }
        if (!wanted.equals("workload")) {
            throw new LabProblem(
                    "clientCertificate: '" + wanted + "' (expected: \"workload\" or null)");
        }
        if (caller instanceof Callers.Caller.Inside(LabReplica replica)
                && replica.proxy() != null) {
            var svid = replica.proxy().tls().svid();
            return new TlsOptions.Credential(svid.key(), svid.chain());
        }
        throw new LabProblem(
                "clientCertificate: workload (expected: a caller that is in the mesh)");
    }
}
