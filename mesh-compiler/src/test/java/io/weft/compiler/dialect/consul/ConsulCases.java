package io.weft.compiler.dialect.consul;

import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Configuration entries of the conformance sets, compiled as files of a repository are. */
final class ConsulCases {

    static final String TRUST_DOMAIN = "test.consul";

    private static final JsonMapper MAPPER = new JsonMapper();

    private final List<String> documents = new ArrayList<>();
    private final Diagnostics diagnostics = new Diagnostics();

    /** Adds an entry as the API of Consul writes it. */
    ConsulCases entry(Map<String, ?> entry) {
        documents.add(MAPPER.writeValueAsString(entry));
        return this;
    }

    ConsulCases entry(Json entry) {
        return entry(map(entry));
    }

    ConsulCases yaml(String text) {
        documents.add(text);
        return this;
    }

    ConsulCases peer(String name, String trustDomain) {
        return yaml(
                """
                apiVersion: consul.hashicorp.com/v1alpha1
                kind: PeeringDialer
                metadata:
                  name: %s
                  annotations: {policy.weft.io/trust-domain: %s}
                """
                        .formatted(name, trustDomain));
    }

    ConsulCases provider(String name, String issuer) {
        return entry(
                Map.of(
                        "Kind",
                        "jwt-provider",
                        "Name",
                        name,
                        "Issuer",
                        issuer,
                        "JSONWebKeySet",
                        Map.of("Remote", Map.of("URI", "https://" + name + ".test/keys"))));
    }

    ConsulPolicies compile(boolean allowByDefault) {
        List<RawResource> resources = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            String text = documents.get(i);
            String file = "entry-" + i + (text.startsWith("{") ? ".json" : ".yaml");
            for (RawResource each : new ResourceParser(diagnostics).parse(file, text)) {
                resources.add(each.namespace().isEmpty() ? each.inNamespace("default") : each);
            }
        }
        return new ConsulCompilation(
                        new CompileContext(
                                TRUST_DOMAIN, "istio-system", allowByDefault, diagnostics))
                .compile(resources);
    }

    List<Diagnostic> errors() {
        return diagnostics.all().stream().filter(Diagnostic::isError).toList();
    }

    String errorText() {
        return errors().stream().map(Diagnostic::format).collect(Collectors.joining("; "));
    }

    static Map<String, Object> map(Json json) {
        Map<String, Object> members = new LinkedHashMap<>();
        json.names().forEach(name -> members.put(name, json.get(name).value()));
        return members;
    }

    /** The entry of an intention as the older API writes them. */
    static Map<String, Object> intention(Json intention) {
        Map<String, Object> source = new LinkedHashMap<>();
        copy(intention, "SourceName", source, "Name");
        copy(intention, "SourceNS", source, "Namespace");
        copy(intention, "SourcePeer", source, "Peer");
        copy(intention, "SourceSamenessGroup", source, "SamenessGroup");
        copy(intention, "SourceType", source, "Type");
        for (String same : List.of("Action", "Permissions", "Description")) {
            copy(intention, same, source, same);
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("Kind", "service-intentions");
        copy(intention, "DestinationName", entry, "Name");
        copy(intention, "DestinationNS", entry, "Namespace");
        copy(intention, "JWT", entry, "JWT");
        entry.put("Sources", List.of(source));
        return entry;
    }

    private static void copy(Json from, String name, Map<String, Object> to, String as) {
        if (from.has(name)) {
            to.put(as, from.get(name).value());
        }
    }
}
