package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Pods that still run another proxy than the injector would give them (IST0158). */
final class ProxyImages implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        Map<String, String> images = new HashMap<>();
        Injector.all(mesh).forEach(i -> images.put(i.revision(), i.image()));
        List<String> types = new ArrayList<>(List.of("", "-distroless", "-debug"));
        for (Field namespace : mesh.all("", "Namespace")) {
            Map<String, String> labels = namespace.resource().labels();
            String revision =
                    "enabled".equals(labels.get(Injector.INJECTION))
                            ? "default"
                            : labels.getOrDefault(Injector.REVISION, "");
            String image = images.getOrDefault(revision, "");
            if (!image.isEmpty()) {
                Set<String> wanted =
                        types.stream().map(type -> image + type).collect(Collectors.toSet());
                reportNamespace(mesh, namespace, wanted, report);
            }
        }
    }

    private static void reportNamespace(
            MeshView mesh, Field namespace, Set<String> wanted, Report report) {
        List<String> others = new ArrayList<>();
        for (Workload pod : mesh.workloads()) {
            Field spec = pod.spec();
            if (spec == null
                    || !pod.isPod()
                    || !pod.namespace().equals(namespace.resource().name())
                    || pod.annotations().containsKey("sidecar.istio.io/proxyImage")) {
                continue;
            }
            boolean differs =
                    Injector.proxies(spec).anyMatch(c -> !wanted.contains(c.get("image").text("")));
            if (differs) {
                others.add(pod.name());
            }
        }
        if (!others.isEmpty()) {
            report.add(IstioCode.PODS_ISTIO_PROXY_IMAGE_MISMATCH_IN_NAMESPACE, namespace, others);
        }
    }
}
