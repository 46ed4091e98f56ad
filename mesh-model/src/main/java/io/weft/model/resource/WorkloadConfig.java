package io.weft.model.resource;

import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.JwtRule;
import io.weft.model.listener.Denials;
import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.listener.ForwardClientCert;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.OutboundNetwork;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.telemetry.Telemetry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that holds for a workload as a whole; there is exactly one in each configuration.
 *
 * @param trustDomainAliases trust domains whose identities count as this one's
 * @param inbound declared ports, by port
 * @param undeclared what holds for ports that are not declared; its port is 0
 * @param servers what a gateway serves; empty for sidecars
 * @param gatewayJwt token rules of a gateway workload, for all its servers
 * @param gatewayAuthz authorisation of a gateway workload, for all its servers
 * @param outboundNetworks networks of the outside for which {@code outboundPolicy} does not hold,
 *     in the order in which they are asked; null for none
 * @param denials what those are told whom a policy refuses; null for {@link Denials#DEFAULT}
 * @param trustedProxies how many proxies in front of a gateway are trusted
 * @param forwardClientCert what a gateway does with X-Forwarded-Client-Cert; null is {@link
 *     ForwardClientCert#SANITIZE_SET}
 */
public record WorkloadConfig(
        WorkloadId workload,
        String trustDomain,
        List<String> trustDomainAliases,
        PathNormalization pathNormalization,
        OutboundPolicy outboundPolicy,
        List<InboundPort> inbound,
        InboundPort undeclared,
        List<GatewayServer> servers,
        List<JwtRule> gatewayJwt,
        AuthzProgram gatewayAuthz,
        int trustedProxies,
        List<ExternalAuthorizer> externalAuthorizers,
        Telemetry telemetry,
        @Nullable ForwardClientCert forwardClientCert,
        @Nullable Denials denials,
        @Nullable List<OutboundNetwork> outboundNetworks)
        implements MeshResource {

    public WorkloadConfig {
        trustDomainAliases = List.copyOf(trustDomainAliases);
        inbound = List.copyOf(inbound);
        servers = List.copyOf(servers);
        gatewayJwt = List.copyOf(gatewayJwt);
        externalAuthorizers = List.copyOf(externalAuthorizers);
        outboundNetworks =
                outboundNetworks == null || outboundNetworks.isEmpty()
                        ? null
                        : List.copyOf(outboundNetworks);
    }

    /** Networks of the outside with a policy of their own, in the order in which they are asked. */
    public List<OutboundNetwork> networks() {
        return outboundNetworks == null ? List.of() : outboundNetworks;
    }

    /** The same with other networks. */
    public WorkloadConfig with(List<OutboundNetwork> networks) {
        return new WorkloadConfig(
                workload,
                trustDomain,
                trustDomainAliases,
                pathNormalization,
                outboundPolicy,
                inbound,
                undeclared,
                servers,
                gatewayJwt,
                gatewayAuthz,
                trustedProxies,
                externalAuthorizers,
                telemetry,
                forwardClientCert,
                denials,
                networks);
    }

    /** One that treats all of the outside alike. */
    public WorkloadConfig(
            WorkloadId workload,
            String trustDomain,
            List<String> trustDomainAliases,
            PathNormalization pathNormalization,
            OutboundPolicy outboundPolicy,
            List<InboundPort> inbound,
            InboundPort undeclared,
            List<GatewayServer> servers,
            List<JwtRule> gatewayJwt,
            AuthzProgram gatewayAuthz,
            int trustedProxies,
            List<ExternalAuthorizer> externalAuthorizers,
            Telemetry telemetry,
            @Nullable ForwardClientCert forwardClientCert,
            @Nullable Denials denials) {
        this(
                workload,
                trustDomain,
                trustDomainAliases,
                pathNormalization,
                outboundPolicy,
                inbound,
                undeclared,
                servers,
                gatewayJwt,
                gatewayAuthz,
                trustedProxies,
                externalAuthorizers,
                telemetry,
                forwardClientCert,
                denials,
                null);
    }

    /** One that does with X-Forwarded-Client-Cert, and refuses, as by default. */
    public WorkloadConfig(
            WorkloadId workload,
            String trustDomain,
            List<String> trustDomainAliases,
            PathNormalization pathNormalization,
            OutboundPolicy outboundPolicy,
            List<InboundPort> inbound,
            InboundPort undeclared,
            List<GatewayServer> servers,
            List<JwtRule> gatewayJwt,
            AuthzProgram gatewayAuthz,
            int trustedProxies,
            List<ExternalAuthorizer> externalAuthorizers,
            Telemetry telemetry) {
        this(
                workload,
                trustDomain,
                trustDomainAliases,
                pathNormalization,
                outboundPolicy,
                inbound,
                undeclared,
                servers,
                gatewayJwt,
                gatewayAuthz,
                trustedProxies,
                externalAuthorizers,
                telemetry,
                null,
                null);
    }

    /** One that refuses in the default way. */
    public WorkloadConfig(
            WorkloadId workload,
            String trustDomain,
            List<String> trustDomainAliases,
            PathNormalization pathNormalization,
            OutboundPolicy outboundPolicy,
            List<InboundPort> inbound,
            InboundPort undeclared,
            List<GatewayServer> servers,
            List<JwtRule> gatewayJwt,
            AuthzProgram gatewayAuthz,
            int trustedProxies,
            List<ExternalAuthorizer> externalAuthorizers,
            Telemetry telemetry,
            @Nullable ForwardClientCert forwardClientCert) {
        this(
                workload,
                trustDomain,
                trustDomainAliases,
                pathNormalization,
                outboundPolicy,
                inbound,
                undeclared,
                servers,
                gatewayJwt,
                gatewayAuthz,
                trustedProxies,
                externalAuthorizers,
                telemetry,
                forwardClientCert,
                null);
    }

    /** What those are told whom a policy refuses. */
    public Denials refusals() {
        return denials == null ? Denials.DEFAULT : denials;
    }

    @Override
    public String key() {
        return ResourceKeys.WORKLOAD;
    }
}
