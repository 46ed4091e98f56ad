package io.weft.model.listener;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway serves on one of its ports for some hosts.
 *
 * @param port logical port, for example 443
 * @param hosts host names, {@code *.example.com} or {@code *}
 * @param routes name of the route table
 * @param httpsRedirect whether plain HTTP is answered with 301 to https
 */
public record GatewayServer(
        String name,
        int port,
        Protocol protocol,
        List<String> hosts,
        @Nullable ServerTls tls,
        boolean httpsRedirect,
        String routes,
        Origin origin) {

    public GatewayServer {
        hosts = List.copyOf(hosts);
    }

    /** What is spoken below TLS, if any. */
    public enum Protocol {
        HTTP,
        HTTPS,
        TLS,
        TCP
    }

    /** How TLS is treated. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    public sealed interface ServerTls {

        /**
         * Terminated here.
         *
         * @param certificates names of certificate resources, the first match by SNI wins
         * @param clientCertificates what is asked of clients
         * @param minVersion {@code TLSv1.2} or {@code TLSv1.3}
         */
        record Terminate(
                List<String> certificates,
                ClientCertificates clientCertificates,
                String minVersion,
                List<String> subjectAltNames)
                implements ServerTls {
            public Terminate {
                certificates = List.copyOf(certificates);
                subjectAltNames = List.copyOf(subjectAltNames);
            }
        }

        /** Passed on by SNI, untouched. */
        record Passthrough() implements ServerTls {}
    }

    /** Whether clients must show a certificate. */
    public enum ClientCertificates {
        NONE,
        OPTIONAL,
        REQUIRED,
        /** The mesh's own identities. */
        MESH
    }
}
