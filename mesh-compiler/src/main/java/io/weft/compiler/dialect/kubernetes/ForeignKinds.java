package io.weft.compiler.dialect.kubernetes;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.Map;
import java.util.Set;

/** Kinds that decide nothing about requests, and why. Nothing is passed over in silence. */
final class ForeignKinds {

    private static final Map<String, String> WHY =
            Map.ofEntries(
                    Map.entry(
                            "networking.k8s.io/NetworkPolicy",
                            "the cluster's network enforces it, before the mesh sees a connection"),
                    Map.entry(
                            "networking.k8s.io/Ingress",
                            "an ingress controller enforces it; use a Gateway for the mesh's own"),
                    Map.entry(
                            "monitoring.coreos.com/ServiceMonitor",
                            "Prometheus reads it; the mesh serves /stats/prometheus as it expects"),
                    Map.entry(
                            "monitoring.coreos.com/PodMonitor",
                            "Prometheus reads it; the mesh serves /stats/prometheus as it expects"),
                    Map.entry("monitoring.coreos.com/PrometheusRule", "Prometheus evaluates it"),
                    Map.entry(
                            "jaegertracing.io/Jaeger",
                            "it deploys a trace store; spans are sent where tracing is configured"),
                    Map.entry("autoscaling/HorizontalPodAutoscaler", "Kubernetes scales by it"),
                    Map.entry("policy/PodDisruptionBudget", "Kubernetes heeds it"),
                    Map.entry("/ConfigMap", "no mesh settings are in it"),
                    Map.entry("/PersistentVolumeClaim", "storage is none of the mesh's business"));

    /** Groups of ours or of the cluster, where an unknown kind is most likely a slip. */
    private static final Set<String> CORE_GROUPS = Set.of("", "apps", "batch");

    private ForeignKinds() {}

    static void report(Field root) {
        RawResource resource = root.resource();
        root.accept();
        String why = WHY.get(resource.group() + "/" + resource.kind());
        if (why == null) {
            why =
                    CORE_GROUPS.contains(resource.group())
                            ? "Kubernetes handles it"
                            : "no dialect knows the API group " + resource.group();
        }
        root.info(Code.IGNORED_KIND, "ignored: " + why);
    }
}
