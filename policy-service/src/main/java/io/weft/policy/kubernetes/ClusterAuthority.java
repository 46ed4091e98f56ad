package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.weft.policy.ca.AuthorityVault;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.state.StartFailure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * The authority in Secrets: one that somebody else has made, in the form of Istio's {@code
 * cacerts}; or the one that all replicas share.
 */
public final class ClusterAuthority {

    private final KubernetesClient client;

    ClusterAuthority(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Reads {@code ca-cert.pem}, {@code ca-key.pem}, {@code cert-chain.pem} and {@code
     * root-cert.pem}, or {@code tls.crt}, {@code tls.key} and {@code ca.crt}.
     *
     * @param name {@code NAMESPACE/NAME}
     * @throws StartFailure when it is not there or incomplete
     */
    public CaSettings.Supplied read(String name) {
        String where = "Secret " + name;
        Secret secret;
        try {
            secret = client.secrets().inNamespace(namespace(name)).withName(plain(name)).get();
        } catch (KubernetesClientException e) {
            throw new StartFailure(
                    "certificate authority: " + where + " cannot be read (" + e.getMessage() + ")",
                    e);
        }
        if (secret == null || secret.getData() == null) {
            throw new StartFailure("certificate authority: " + where + " is not there");
        }
        Map<String, String> data = secret.getData();
        boolean istio = data.containsKey("ca-cert.pem");
        String signing = text(data, where, istio ? "ca-cert.pem" : "tls.crt");
        String further =
                istio && data.containsKey("cert-chain.pem")
                        ? text(data, where, "cert-chain.pem")
                        : "";
        // Istio's cert-chain.pem often begins with the signing certificate once more.
        String chain = further.contains(signing.strip()) ? further : signing + "\n" + further;
        return new CaSettings.PemText(
                where,
                chain,
                new io.weft.model.Secret(text(data, where, istio ? "ca-key.pem" : "tls.key")),
                text(data, where, istio ? "root-cert.pem" : "ca.crt"));
    }

    private static String text(Map<String, String> data, String where, String entry) {
        String encoded = data.get(entry);
        if (encoded == null) {
            throw new StartFailure("certificate authority: " + where + " has no " + entry);
        }
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    /**
     * A Secret that the replicas share; made on the first start.
     *
     * @param name {@code NAMESPACE/NAME}
     */
    public AuthorityVault vault(String name) {
        return new SecretVault(client, namespace(name), plain(name));
    }

    private static String namespace(String name) {
        return name.substring(0, slash(name));
    }

    private static String plain(String name) {
        return name.substring(slash(name) + 1);
    }

    private static int slash(String name) {
        int slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1) {
            throw new IllegalArgumentException("Secret: '" + name + "' (expected: NAMESPACE/NAME)");
        }
        return slash;
    }
}
