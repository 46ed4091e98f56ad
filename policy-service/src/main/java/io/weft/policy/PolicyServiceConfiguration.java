package io.weft.policy;

import io.micrometer.core.instrument.MeterRegistry;
import io.weft.engine.MeshClock;
import io.weft.model.Secret;
import io.weft.policy.api.ApiConfiguration;
import io.weft.policy.api.OperatorToken;
import io.weft.policy.api.People;
import io.weft.policy.control.ServiceRegistry;
import io.weft.policy.discovery.DiscoveryFeed;
import io.weft.policy.join.ReusableToken;
import io.weft.policy.join.WorkloadAttestor;
import io.weft.policy.jwks.JwksSettings;
import io.weft.policy.kubernetes.ClusterAuthority;
import io.weft.policy.kubernetes.KubernetesConfiguration;
import io.weft.policy.secrets.CertificateStore;
import io.weft.policy.secrets.CertificateStores;
import io.weft.policy.secrets.DirectoryCertificates;
import io.weft.policy.secrets.InMemoryCertificates;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.PolicyServerSettings;
import io.weft.policy.source.ConfigServiceSettings;
import io.weft.policy.source.ConfigServiceSource;
import io.weft.policy.source.DirectorySource;
import io.weft.policy.source.PolicySource;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;

/** Properties become a {@link PolicyServer}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PolicyProperties.class)
@Import({ApiConfiguration.class, KubernetesConfiguration.class})
class PolicyServiceConfiguration {

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Of its own: the global ones end with whichever application of the process ends first. */
    @Bean
    ReactorResourceFactory reactorResourceFactory() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        return resources;
    }

    /**
     * One request for each connection. Reactor Netty 1.3.7 may stop reading a kept-alive connection
     * whose next request came before the last answer, written by another thread, was done with
     * (reactor-netty issue 4361); its mended version needs a newer Netty.
     */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> oneRequestEach() {
        return factory -> factory.addServerCustomizers(server -> server.maxKeepAliveRequests(1));
    }

    @Bean
    InstantSource meshClock() {
        return InstantSource.system();
    }

    @Bean(destroyMethod = "close")
    PolicyServer policyServer(
            PolicyProperties properties,
            InstantSource clock,
            MeterRegistry meters,
            ObjectProvider<WorkloadAttestor> attestors,
            ObjectProvider<CertificateStore> stores,
            ObjectProvider<ServiceRegistry> registries,
            ObjectProvider<ClusterAuthority> cluster) {
        PolicyServerSettings settings =
                PolicyServerSettings.in(properties.stateDir())
                        .mesh(properties.trustDomain(), properties.rootNamespace())
                        .authority(AuthoritySettings.of(properties, cluster.getIfAvailable()))
                        .foreignDomains(AuthoritySettings.foreignDomains(properties))
                        .listen(
                                properties.bindAddress(),
                                properties.joinPort(),
                                properties.meshPort())
                        .advertised(properties.advertise())
                        .source(source(properties, clock))
                        .certificates(certificates(properties, stores))
                        .keySets(keySets(properties.jwks()))
                        .reusableTokens(reusableTokens(properties.join()))
                        .clock(clock)
                        .meters(meters);
        attestors.orderedStream().forEach(settings::attestor);
        registries.orderedStream().forEach(settings::registry);
        return PolicyServer.start(settings);
    }

    private static PolicySource source(PolicyProperties properties, InstantSource clock) {
        URI url = properties.configUrl();
        Path directory = properties.directory();
        if (url != null && directory != null) {
            throw new IllegalArgumentException(
                    "weft.policy: config-url and directory (expected: one of them)");
        }
        if (url != null) {
            ConfigServiceSettings defaults = ConfigServiceSettings.of(url);
            return new ConfigServiceSource(
                    new ConfigServiceSettings(
                            url,
                            new Secret(properties.configToken()),
                            defaults.poll(),
                            defaults.silence()),
                    clock);
        }
        if (directory != null) {
            if (!Files.isDirectory(directory)) {
                throw new IllegalArgumentException(
                        "weft.policy.directory: " + directory + " (expected: a directory)");
            }
            return new DirectorySource(directory, LOOK, clock);
        }
        return PolicySource.none();
    }

    private static CertificateStore certificates(
            PolicyProperties properties, ObjectProvider<CertificateStore> others) {
        List<CertificateStore> stores = new ArrayList<>();
        Path directory = properties.certificatesDir();
        if (directory != null) {
            stores.add(new DirectoryCertificates(directory, LOOK));
        }
        others.orderedStream().forEach(stores::add);
        return stores.isEmpty() ? new InMemoryCertificates() : new CertificateStores(stores);
    }

    private static JwksSettings keySets(PolicyProperties.Jwks jwks) {
        Map<String, InetSocketAddress> hosts = new TreeMap<>();
        jwks.hosts().forEach((host, address) -> hosts.put(host, address(host, address)));
        return new JwksSettings(jwks.refresh(), hosts, jwks.caFile());
    }

    private static InetSocketAddress address(String host, String text) {
        int colon = text.lastIndexOf(':');
        try {
            return InetSocketAddress.createUnresolved(
                    text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "weft.policy.jwks.hosts." + host + ": '" + text + "' (expected: address:port)",
                    e);
        }
    }

    private static List<ReusableToken> reusableTokens(PolicyProperties.Join join) {
        return join.reusableTokens().stream()
                .map(each ->
                        new ReusableToken(
                                new Secret(each.token()), each.namespace(), each.serviceAccount()))
                .toList();
    }

    @Bean(destroyMethod = "close")
    DiscoveryFeed discoveryFeed(
            PolicyServer server,
            PolicyProperties properties,
            ObjectProvider<ReactiveDiscoveryClient> clients) {
        return new DiscoveryFeed(
                server.control(),
                clients.orderedStream().toList(),
                properties.discovery().interval(),
                properties.discovery().namespace());
    }

    @Bean
    People people(PolicyServer server, PolicyProperties properties, OperatorToken operator) {
        PolicyProperties.Api api = properties.api();
        String issuer = api.issuer();
        URI keys = api.jwksUri();
        if (issuer == null || keys == null) {
            if (issuer != null || keys != null) {
                throw new IllegalArgumentException(
                        "weft.policy.api: issuer and jwks-uri (expected: both or none)");
            }
            return new People(operator, null, null, MeshClock.system());
        }
        return new People(
                operator,
                new People.Issuer(
                        issuer,
                        api.audiences(),
                        keys.toString(),
                        List.of(api.rolesClaim().split("\\."))),
                server.keysOf(keys.toString()),
                MeshClock.system());
    }

    @Bean
    OperatorToken operatorToken(PolicyServer server, PolicyProperties properties) {
        return OperatorToken.of(properties.api().secret(), server.state());
    }
}
