package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Webhooks that inject twice, or that call nobody (IST0139). */
final class InjectionWebhooks implements Check {

    private record Webhook(Field configuration, Field webhook) {
        String title() {
            return configuration.resource().name() + "/" + webhook.get("name").text("");
        }

        boolean injects(Map<String, String> namespace, Map<String, String> pod) {
            return Labels.match(webhook.get("namespaceSelector"), namespace)
                    && Labels.match(webhook.get("objectSelector"), pod);
        }
    }

    @Override
    public void run(MeshView mesh, Report report) {
        List<Webhook> webhooks = new ArrayList<>();
        for (Field configuration :
                mesh.all("admissionregistration.k8s.io", "MutatingWebhookConfiguration")) {
            for (Field webhook : configuration.get("webhooks").items()) {
                if (webhook.get("name").text("").endsWith("sidecar-injector.istio.io")) {
                    webhooks.add(new Webhook(configuration, webhook));
                }
            }
        }
        Set<String> revisions = new TreeSet<>(Set.of("default"));
        webhooks.forEach(w ->
                w.configuration()
                        .resource()
                        .labels()
                        .forEach((label, value) -> {
                            if (label.equals(Injector.REVISION)) {
                                revisions.add(value);
                            }
                        }));
        for (Webhook webhook : webhooks) {
            reportOverlaps(webhook, webhooks, revisions, report);
            reportService(mesh, webhook, report);
        }
    }

    private static void reportOverlaps(
            Webhook webhook, List<Webhook> all, Set<String> revisions, Report report) {
        Set<String> others = new TreeSet<>();
        for (Map<String, String> namespace : labels(Injector.INJECTION, "enabled", revisions)) {
            for (Map<String, String> pod : labels(Injector.POD, "true", revisions)) {
                if (webhook.injects(namespace, pod)) {
                    all.stream()
                            .filter(other -> other != webhook && other.injects(namespace, pod))
                            .forEach(other -> others.add(other.title()));
                }
            }
        }
        if (!others.isEmpty()) {
            report.add(
                    IstioCode.INVALID_WEBHOOK,
                    webhook.webhook(),
                    "Webhook overlaps with others: "
                            + others
                            + ". This may cause injection to occur twice.");
        }
    }

    /** Every way in which a namespace or pod may ask for injection. */
    private static List<Map<String, String>> labels(
            String label, String yes, Set<String> revisions) {
        List<Map<String, String>> all = new ArrayList<>();
        for (String value : List.of("", yes, yes.equals("true") ? "false" : "disabled")) {
            Map<String, String> plain = value.isEmpty() ? Map.of() : Map.of(label, value);
            all.add(plain);
            for (String revision : revisions) {
                Map<String, String> both = new HashMap<>(plain);
                both.put(Injector.REVISION, revision);
                all.add(both);
            }
        }
        return all;
    }

    private static void reportService(MeshView mesh, Webhook webhook, Report report) {
        Field service = webhook.webhook().get("clientConfig").get("service");
        String name = service.get("name").text("");
        String namespace = service.get("namespace").text("");
        boolean exists =
                mesh.services().stream()
                        .map(Field::resource)
                        .anyMatch(r -> r.name().equals(name) && r.namespace().equals(namespace));
        if (service.isPresent() && !exists) {
            report.add(
                    IstioCode.INVALID_WEBHOOK,
                    service,
                    "Injector refers to a control plane service that does not exist: "
                            + name
                            + "."
                            + namespace
                            + ".");
        }
    }
}
