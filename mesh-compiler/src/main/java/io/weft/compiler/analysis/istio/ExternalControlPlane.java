package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Webhooks that are to reach a control plane elsewhere, without an address of it (IST0163/4). */
final class ExternalControlPlane implements Check {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");

    @Override
    public void run(MeshView mesh, Report report) {
        String group = "admissionregistration.k8s.io";
        List<Field> all = new ArrayList<>(mesh.all(group, "ValidatingWebhookConfiguration"));
        all.addAll(mesh.all(group, "MutatingWebhookConfiguration"));
        for (Field configuration : all) {
            if (configuration.resource().name().startsWith("istio")) {
                configuration
                        .get("webhooks")
                        .items()
                        .forEach(webhook -> check(configuration, webhook, report));
            }
        }
    }

    private static void check(Field configuration, Field webhook, Report report) {
        Field client = webhook.get("clientConfig");
        if (client.get("service").isPresent()) {
            return;
        }
        String url = client.get("url").text("");
        String name = configuration.resource().name();
        if (url.isBlank()) {
            report.add(
                    IstioCode.INVALID_EXTERNAL_CONTROL_PLANE_CONFIG, webhook, "", name, "is blank");
            return;
        }
        String host = hostOf(url);
        if (host.isEmpty()) {
            report.add(
                    IstioCode.INVALID_EXTERNAL_CONTROL_PLANE_CONFIG,
                    webhook,
                    url,
                    name,
                    "is not a URL");
        } else if (ADDRESS.matcher(host).matches()) {
            report.add(
                    IstioCode.EXTERNAL_CONTROL_PLANE_ADDRESS_IS_NOT_A_HOSTNAME,
                    webhook,
                    host,
                    name);
        }
    }

    private static String hostOf(String url) {
        try {
            return Objects.requireNonNullElse(URI.create(url).getHost(), "");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
