package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.weft.policy.control.ServiceRegistry;
import io.weft.policy.join.WorkloadAttestor;
import io.weft.policy.secrets.CertificateStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCloudPlatform;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.cloud.kubernetes.commons.discovery.KubernetesDiscoveryProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Only on Kubernetes, with the client and the discovery properties of spring-cloud-kubernetes. Its
 * discovery client itself is not asked: it tells one port of an instance and nothing of its
 * identity.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCloudPlatform(CloudPlatform.KUBERNETES)
public class KubernetesConfiguration {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Bean
    WorkloadAttestor serviceAccountTokens(
            KubernetesClient client,
            @Value("${weft.policy.trust-domain:cluster.local}") String trustDomain,
            @Value("${weft.policy.join.audience:weft-ca}") String audience) {
        return new ServiceAccountTokens(client, trustDomain, audience);
    }

    @Bean
    ClusterAuthority clusterAuthority(KubernetesClient client) {
        return new ClusterAuthority(client);
    }

    /** The policy server closes it. */
    @Bean(destroyMethod = "")
    CertificateStore secretCertificates(
            KubernetesClient client,
            @Value(
                            "${weft.policy.kubernetes.certificate-namespaces:${weft.policy.root-namespace:istio-system}}")
                    List<String> namespaces) {
        return new SecretCertificates(client, namespaces, PATIENCE);
    }

    /** The policy server starts and closes it. */
    @Bean(destroyMethod = "")
    @ConditionalOnProperty(
            name = "spring.cloud.kubernetes.discovery.enabled",
            matchIfMissing = true)
    ServiceRegistry kubernetesServices(
            KubernetesClient client,
            KubernetesDiscoveryProperties discovery,
            @Value("${weft.policy.trust-domain:cluster.local}") String trustDomain) {
        return new KubernetesServices(
                client, namespaces(client, discovery), new ServiceMapping(trustDomain));
    }

    /** Empty for all. */
    private static Set<String> namespaces(
            KubernetesClient client, KubernetesDiscoveryProperties discovery) {
        if (discovery.allNamespaces()) {
            return Set.of();
        }
        if (!discovery.namespaces().isEmpty()) {
            return discovery.namespaces();
        }
        String own = client.getNamespace();
        return Set.of(own == null || own.isEmpty() ? "default" : own);
    }
}
