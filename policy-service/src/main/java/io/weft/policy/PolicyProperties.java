package io.weft.policy;

import io.weft.model.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set below {@code weft.policy}; docs/policy-service.md tells it in words.
 *
 * @param configUrl of config-service; null for none
 * @param configToken bearer token for it; empty for none
 * @param directory of policy files, in place of config-service; null for none
 * @param bindAddress where the join and mesh doors listen
 * @param advertise {@code host:port} of the mesh door as workloads shall use it
 * @param trustDomainAliases former or further names of the trust domain
 * @param federation other trust domains, by name
 * @param certificatesDir of gateway credentials; null for none
 */
@ConfigurationProperties("weft.policy")
record PolicyProperties(
        @Nullable URI configUrl,
        @DefaultValue("") String configToken,
        @Nullable Path directory,
        @DefaultValue("weft-state/policy-service") Path stateDir,
        @DefaultValue("cluster.local") String trustDomain,
        @DefaultValue("istio-system") String rootNamespace,
        @DefaultValue("127.0.0.1") InetAddress bindAddress,
        @DefaultValue("15010") int joinPort,
        @DefaultValue("15012") int meshPort,
        @DefaultValue List<String> advertise,
        @Nullable Path certificatesDir,
        @DefaultValue List<String> trustDomainAliases,
        @DefaultValue Map<String, Federated> federation,
        @DefaultValue Ca ca,
        @DefaultValue Join join,
        @DefaultValue Jwks jwks,
        @DefaultValue Api api,
        @DefaultValue Discovery discovery) {

    /**
     * The authority.
     *
     * @param serverNames further names and addresses in the control plane's own certificate
     * @param chainFile with keyFile and rootsFile: an authority made elsewhere
     * @param keyStore PKCS#12, an authority made elsewhere; rootsFile only where it holds no root
     * @param secret {@code NAMESPACE/NAME} on Kubernetes, in the form of Istio's cacerts
     * @param sharedDirectory where replicas share the authority; null for the state directory
     * @param sharedSecret {@code NAMESPACE/NAME} on Kubernetes where replicas share it
     */
    record Ca(
            @DefaultValue("1h") Duration svidLifetime,
            @DefaultValue("120") int issuesPerMinute,
            @DefaultValue List<String> serverNames,
            @Nullable Path chainFile,
            @Nullable Path keyFile,
            @Nullable Path rootsFile,
            @Nullable Path keyStore,
            @Nullable Path keyStorePasswordFile,
            @Nullable String secret,
            @Nullable Path sharedDirectory,
            @Nullable String sharedSecret) {}

    /**
     * Another trust domain.
     *
     * @param bundleFile SPIFFE bundle document or PEM
     * @param bundleUrl of its bundle endpoint
     * @param endpointId SPIFFE ID of the endpoint (https_spiffe); null for a web certificate
     */
    record Federated(
            @Nullable Path bundleFile, @Nullable URI bundleUrl, @Nullable String endpointId) {}

    /**
     * How workloads join.
     *
     * @param reusableTokens for development only
     * @param audience that a projected ServiceAccount token must be made for
     */
    record Join(
            @DefaultValue List<DevelopmentToken> reusableTokens,
            @DefaultValue("weft-ca") String audience) {

        /** Whoever reads it may join as what it allows; {@code *} allows any. */
        record DevelopmentToken(
                String token,
                @DefaultValue("*") String namespace,
                @DefaultValue("*") String serviceAccount) {

            @Override
            public String toString() {
                return "DevelopmentToken[" + namespace + "/" + serviceAccount + "]";
            }
        }
    }

    /**
     * Key sets of token issuers.
     *
     * @param hosts host to {@code address:port} that it is reached at, for development
     */
    record Jwks(
            @DefaultValue("20m") Duration refresh,
            @DefaultValue Map<String, String> hosts,
            @Nullable Path caFile) {}

    /**
     * The API on the web port.
     *
     * @param operatorToken for what changes something; made and stored in the state directory when
     *     empty
     * @param issuer of people's tokens ({@code iss}); null for none
     * @param jwksUri the issuer's key set
     * @param audiences that people's tokens must be made for
     * @param rolesClaim with dots between names; holds {@code viewer} or {@code operator}
     * @param anonymousReads whether anybody may read; null: while the port is bound to loopback
     */
    record Api(
            @DefaultValue("") String operatorToken,
            @Nullable String issuer,
            @Nullable URI jwksUri,
            @DefaultValue List<String> audiences,
            @DefaultValue("roles") String rolesClaim,
            @Nullable Boolean anonymousReads) {

        Secret secret() {
            return new Secret(operatorToken);
        }

        @Override
        public String toString() {
            return "Api[operatorToken=***, issuer=" + issuer + "]";
        }
    }

    /**
     * Spring Cloud discovery clients.
     *
     * @param namespace of services whose registry knows no namespaces
     */
    record Discovery(
            @DefaultValue("5s") Duration interval, @DefaultValue("default") String namespace) {}

    @Override
    public String toString() {
        return "PolicyProperties[configUrl=" + configUrl + ", stateDir=" + stateDir + "]";
    }
}
