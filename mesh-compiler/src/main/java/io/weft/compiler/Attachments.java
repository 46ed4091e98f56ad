package io.weft.compiler;

import io.weft.model.authz.JwtRule;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The key sets and certificates that a configuration refers to. */
final class Attachments {

    /** No key: no token verifies, so a set that could not be fetched never opens anything. */
    private static final String EMPTY_KEY_SET = "{\"keys\":[]}";

    private final CompiledPolicies policies;
    private final ConfigProviders providers;

    Attachments(CompiledPolicies policies, ConfigProviders providers) {
        this.policies = policies;
        this.providers = providers;
    }

    List<MeshResource> of(WorkloadConfig config, Set<String> credentials) {
        List<MeshResource> found = new ArrayList<>();
        keySets(config).forEach(name -> found.add(keySet(name)));
        Set<String> names = new TreeSet<>(credentials);
        for (GatewayServer server : config.servers()) {
            if (server.tls() instanceof GatewayServer.ServerTls.Terminate terminate) {
                names.addAll(terminate.certificates());
            }
        }
        Map<String, Certificate> written = policies.certificates();
        for (String name : names) {
            Certificate provided = providers.certificates().apply(name);
            Certificate certificate = provided == null ? written.get(name) : provided;
            if (certificate != null) {
                found.add(certificate);
            }
        }
        return found;
    }

    private static Set<String> keySets(WorkloadConfig config) {
        Set<String> names = new TreeSet<>();
        config.gatewayJwt().stream().map(JwtRule::jwks).forEach(names::add);
        for (InboundPort port : config.inbound()) {
            port.jwt().stream().map(JwtRule::jwks).forEach(names::add);
        }
        config.undeclared().jwt().stream().map(JwtRule::jwks).forEach(names::add);
        return names;
    }

    private JwksSet keySet(String name) {
        String inline = policies.inlineJwks().get(name);
        if (inline != null) {
            return new JwksSet(name, inline);
        }
        JwksSet fetched = providers.jwks().apply(name);
        return fetched == null ? new JwksSet(name, EMPTY_KEY_SET) : fetched;
    }
}
