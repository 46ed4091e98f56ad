package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.weft.model.resource.Certificate;
import io.weft.policy.secrets.CertificateStore;
import io.weft.policy.secrets.LastGoodCertificates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets of type {@code kubernetes.io/tls} as credentials of gateways, followed by watch. A Secret is
 * the credential {@code NAMESPACE/NAME}; the control plane gives it to gateways of that namespace only.
 */
final class SecretCertificates implements CertificateStore {

    private static final Logger LOG = LoggerFactory.getLogger(SecretCertificates.class);
    private static final String TYPE = "kubernetes.io/tls";

    private final Watched<Secret> secrets;
    private final LastGoodCertificates certificates = new LastGoodCertificates();
    private final Gathering changes = new Gathering("weft-secrets", this::look);
    private volatile Runnable changed = () -> {};

    /**
     * Reads the Secrets, so that a restart does not take credentials from gateways for a moment.
     *
     * @param namespaces whose Secrets are read; those of others are not asked for
     * @param patience how long it waits for the first answer
     */
    SecretCertificates(KubernetesClient client, List<String> namespaces, Duration patience) {
        this.secrets =
                new Watched<>(
                        "Secrets of " + namespaces,
                        namespaces.stream()
                                .map(
                                        namespace ->
                                                client.secrets()
                                                        .inNamespace(namespace)
                                                        .withField("type", TYPE)
                                                        .runnableInformer(0))
                                .toList());
        try {
            secrets.start(changes::changed).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("Kubernetes Secrets: no answer after {}; starting without them", patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        look();
    }

    private synchronized void look() {
        Map<String, Certificate> found = new HashMap<>();
        for (Secret secret : secrets.all()) {
            Certificate read = TYPE.equals(secret.getType()) ? read(secret) : null;
            if (read != null) {
                found.put(read.name(), read);
            }
        }
        if (certificates.replace(found)) {
            changed.run();
        }
    }

    private @Nullable Certificate read(Secret secret) {
        String name =
                secret.getMetadata().getNamespace() + "/" + secret.getMetadata().getName();
        try {
            return certificates.usable(
                    new Certificate(
                            name,
                            text(secret, "tls.crt"),
                            new io.weft.model.Secret(text(secret, "tls.key")),
                            text(secret, "ca.crt")));
        } catch (IllegalArgumentException e) {
            return certificates.unreadable(name, String.valueOf(e.getMessage()));
        }
    }

    private static String text(Secret secret, String entry) {
        Map<String, String> data = secret.getData();
        String encoded = data == null ? null : data.get(entry);
        return encoded == null
                ? ""
                : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable Certificate find(String name) {
        return certificates.find(name);
    }

    @Override
    public void onChange(Runnable listener) {
        changed = listener;
    }

    @Override
    public void close() {
        secrets.close();
        changes.close();
    }
}
