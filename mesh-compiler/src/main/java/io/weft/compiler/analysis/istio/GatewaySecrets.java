package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Certificates that a gateway's namespace does not have, or has broken (IST0101, IST0161). */
final class GatewaySecrets implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        Map<String, Field> secrets = new HashMap<>();
        mesh.all("", "Secret")
                .forEach(s -> secrets.put(s.resource().namespace() + "/" + s.resource().name(), s));
        for (Field gateway : mesh.all(MeshView.NETWORKING, "Gateway")) {
            Map<String, String> selector = gateway.get("spec").get("selector").texts();
            Set<String> namespaces =
                    mesh.workloads(w -> w.has(selector))
                            .map(Workload::namespace)
                            .collect(Collectors.toSet());
            for (Field server : gateway.get("spec").get("servers").items()) {
                Field credential = server.get("tls").get("credentialName");
                if (credential.isPresent()) {
                    String name = credential.text("");
                    if (namespaces.stream().noneMatch(n -> mesh.hasCredential(n + "/" + name))) {
                        check(gateway, credential, namespaces, secrets, report);
                    }
                }
            }
        }
    }

    private static void check(
            Field gateway,
            Field credential,
            Set<String> namespaces,
            Map<String, Field> secrets,
            Report report) {
        Field selector = gateway.get("spec").get("selector");
        if (namespaces.isEmpty()) {
            report.add(
                    IstioCode.REFERENCED_RESOURCE_NOT_FOUND,
                    selector,
                    "selector",
                    Labels.text(selector.texts()));
            return;
        }
        String name = credential.text("");
        Field secret =
                namespaces.stream()
                        .sorted()
                        .map(namespace -> secrets.get(namespace + "/" + name))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        if (secret == null) {
            report.add(IstioCode.REFERENCED_RESOURCE_NOT_FOUND, credential, "credentialName", name);
        } else if (!isValid(secret)) {
            report.add(
                    IstioCode.INVALID_GATEWAY_CREDENTIAL,
                    credential,
                    gateway.resource().name(),
                    secret.resource().namespace());
        }
    }

    /** Whether it has a key and a chain of certificates that can be read. */
    private static boolean isValid(Field secret) {
        byte[] chain = value(secret, "tls.crt", "cert");
        byte[] key = value(secret, "tls.key", "key");
        if (chain.length == 0 || key.length == 0) {
            return false;
        }
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(chain))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static byte[] value(Field secret, String name, String otherName) {
        for (String each : List.of(name, otherName)) {
            String plain = secret.get("stringData").get(each).text("");
            String encoded = secret.get("data").get(each).text("");
            if (!plain.isEmpty()) {
                return plain.getBytes(StandardCharsets.UTF_8);
            }
            if (!encoded.isEmpty()) {
                try {
                    return Base64.getMimeDecoder().decode(encoded);
                } catch (IllegalArgumentException e) {
                    return new byte[0];
                }
            }
        }
        return new byte[0];
    }
}
