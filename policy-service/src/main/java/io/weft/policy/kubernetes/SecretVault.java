package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.weft.policy.ca.AuthorityVault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The authority's document in one Secret. The API server's resource version decides between
 * replicas that write at the same time.
 */
final class SecretVault implements AuthorityVault {

    private static final String ENTRY = "authority.json";
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    SecretVault(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    private Resource<Secret> secret() {
        return client.secrets().inNamespace(namespace).withName(name);
    }

    private static Optional<String> text(Secret secret) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(ENTRY))
                .map(encoded ->
                        new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> read() throws IOException {
        try {
            return Optional.ofNullable(secret().get()).flatMap(SecretVault::text);
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw new IOException(where() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean replace(Optional<String> expected, String next) throws IOException {
        String encoded = Base64.getEncoder().encodeToString(next.getBytes(StandardCharsets.UTF_8));
        try {
            Secret known = secret().get();
            if (known == null) {
                if (expected.isPresent()) {
                    return false;
                }
                client.resource(
                                new SecretBuilder()
                                        .withNewMetadata()
                                        .withNamespace(namespace)
                                        .withName(name)
                                        .endMetadata()
                                        .withType("weft.io/authority")
                                        .addToData(ENTRY, encoded)
                                        .build())
                        .create();
                return true;
            }
            if (!text(known).equals(expected)) {
                return false;
            }
            // With the resource version that was read: the server refuses when it has changed.
            client.resource(new SecretBuilder(known).addToData(ENTRY, encoded).build()).update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return false;
            }
            throw new IOException(where() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String where() {
        return "Secret " + namespace + "/" + name;
    }
}
