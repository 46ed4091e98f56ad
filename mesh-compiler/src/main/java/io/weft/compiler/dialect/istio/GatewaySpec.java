package io.weft.compiler.dialect.istio;

import io.weft.model.Origin;
import io.weft.model.listener.GatewayServer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Gateway: which gateway workloads serve what. */
record GatewaySpec(
        String id, String namespace, Map<String, String> selector, List<Server> servers) {

    GatewaySpec {
        selector = Map.copyOf(selector);
        servers = List.copyOf(servers);
    }

    /**
     * One server.
     *
     * @param name unique among all servers of all Gateways
     * @param tls null for plain text
     */
    record Server(
            String name,
            int port,
            GatewayServer.Protocol protocol,
            List<HostPattern> hosts,
            @Nullable Tls tls,
            boolean httpsRedirect,
            Origin origin) {

        Server {
            hosts = List.copyOf(hosts);
        }

        /** Servers of one port must be of one kind. */
        String bindKind() {
            return switch (protocol) {
                case HTTP -> "HTTP";
                case HTTPS, TLS -> "TLS";
                case TCP -> "TCP";
            };
        }

        /** Plain HTTP servers of a port share a table; others have their own. */
        String table() {
            return protocol == GatewayServer.Protocol.HTTP
                    ? "gateway:" + port
                    : "gateway:" + port + "/" + name;
        }
    }

    /** A host with the namespaces whose VirtualServices may use it; {@code *} for all. */
    record HostPattern(String namespace, String host) {}

    /** TLS as written; credentials are looked for where the gateway workload runs. */
    record Tls(
            boolean passthrough,
            GatewayServer.ClientCertificates clients,
            List<String> credentials,
            String minVersion,
            List<String> subjectAltNames) {

        Tls {
            credentials = List.copyOf(credentials);
            subjectAltNames = List.copyOf(subjectAltNames);
        }

        GatewayServer.ServerTls in(String namespace) {
            if (passthrough) {
                return new GatewayServer.ServerTls.Passthrough();
            }
            return new GatewayServer.ServerTls.Terminate(
                    credentials.stream()
                            .map(name -> name.contains("/") ? name : namespace + "/" + name)
                            .toList(),
                    clients,
                    minVersion,
                    subjectAltNames);
        }
    }
}
