package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.weft.policy.join.WorkloadAttestor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCloudPlatform;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Only on Kubernetes, with the client that spring-cloud-kubernetes has set up. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCloudPlatform(CloudPlatform.KUBERNETES)
public class KubernetesConfiguration {

    @Bean
    WorkloadAttestor serviceAccountTokens(
            KubernetesClient client,
            @Value("${weft.policy.trust-domain:cluster.local}") String trustDomain,
            @Value("${weft.policy.join.audience:weft-ca}") String audience) {
        return new ServiceAccountTokens(client, trustDomain, audience);
    }
}
