package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestSchemaTest {

    private static final Map<String, Class<? extends HasMetadata>> TYPES =
            Map.ofEntries(
                    Map.entry("v1/ConfigMap", ConfigMap.class),
                    Map.entry("v1/Namespace", Namespace.class),
                    Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
                    Map.entry("v1/Service", Service.class),
                    Map.entry("v1/ServiceAccount", ServiceAccount.class),
                    Map.entry("apps/v1/Deployment", Deployment.class),
                    Map.entry("batch/v1/Job", Job.class),
                    Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
                    Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
                    Map.entry("rbac.authorization.k8s.io/v1/ClusterRole", ClusterRole.class),
                    Map.entry(
                            "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
                            ClusterRoleBinding.class),
                    Map.entry("rbac.authorization.k8s.io/v1/Role", Role.class),
                    Map.entry("rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class));

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "login", "demo", "captured"})
    void everyDocumentIsOfAKnownTypeAndHasNoFieldThatTheTypeDoesNotKnow(String overlay)
            throws IOException {
        for (Map<String, Object> document : Manifests.of(overlay).documents()) {
            String type = Tree.text(document, "apiVersion") + "/" + Tree.text(document, "kind");
            assertThat(TYPES).as(Manifests.name(document)).containsKey(type);
            assertThat(read(document, TYPES.get(type)).getMetadata().getName()).isNotBlank();
        }
    }

    @Test
    void aMisspeltFieldAndANumberForATextAreFound() {
        Map<String, Object> misspelt =
                Map.of("apiVersion", "v1", "kind", "Service", "spec", Map.of("selectr", Map.of()));
        assertThatThrownBy(() -> read(misspelt, Service.class)).hasMessageContaining("selectr");
        Map<String, Object> number =
                Map.of("apiVersion", "v1", "kind", "ConfigMap", "data", Map.of("port", 8080));
        assertThatThrownBy(() -> read(number, ConfigMap.class)).hasMessageContaining("port");
    }

    private static HasMetadata read(Map<String, Object> document, Class<? extends HasMetadata> type)
            throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        // The API server takes no number where a text belongs (the value of a variable, say).
        mapper.coercionConfigFor(LogicalType.Textual)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
        // Types that keep unknown fields aside would hide them: that is turned off for all.
        mapper.setAnnotationIntrospector(new WithoutAnySetter());
        return mapper.readValue(mapper.writeValueAsString(document), type);
    }
}
