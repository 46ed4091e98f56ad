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
 * A document in one Secret. The API server's resource version decides between replicas that write
 * at the same time.
 */
final class SecretVault implements AuthorityVault {

    private static final String AUTHORITY = "authority";
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String document;

    SecretVault(KubernetesClient client, String namespace, String name) {
        this(client, namespace, name, AUTHORITY);
    }

    private SecretVault(KubernetesClient client, String namespace, String name, String document) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.document = document;
    }

    /** A Secret of its own, for each may have a megabyte. */
    @Override
    public AuthorityVault beside(String other) {
        return new SecretVault(client, namespace, name + "-" + other, other);
    }

    private String entry() {
        return document + ".json";
    }

    private Resource<Secret> secret() {
        return client.secrets().inNamespace(namespace).withName(name);
    }

    private Optional<String> text(Secret secret) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(entry()))
                .map(encoded ->
                        new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> read() throws IOException {
        try {
            return Optional.ofNullable(secret().get()).flatMap(this::text);
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
                                        .withType("weft.io/" + document)
                                        .addToData(entry(), encoded)
                                        .build())
                        .create();
                return true;
            }
            if (!text(known).equals(expected)) {
                return false;
            }
            // With the resource version that was read: the server refuses when it has changed.
            client.resource(new SecretBuilder(known).addToData(entry(), encoded).build()).update();
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
