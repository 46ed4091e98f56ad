package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Namespaces and pods whose labels do not say clearly whether they are in the mesh (IST0102 …). */
final class SidecarInjection implements Check {

    private static final Set<String> SYSTEM =
            Set.of("istio-system", "kube-system", "kube-public", "kube-node-lease");

    @Override
    public void run(MeshView mesh, Report report) {
        boolean everywhere = Injector.all(mesh).stream().anyMatch(Injector::everyNamespace);
        Set<String> injected = new HashSet<>();
        for (Field namespace : mesh.all("", "Namespace")) {
            String name = namespace.resource().name();
            if (SYSTEM.contains(name) || name.equals(mesh.rootNamespace())) {
                continue;
            }
            Map<String, String> labels = namespace.resource().labels();
            List<String> given = given(labels);
            if ("disabled".equals(labels.get(Injector.INJECTION))) {
                continue;
            }
            if (given.size() > 1) {
                report.add(IstioCode.NAMESPACE_MULTIPLE_INJECTION_LABELS, namespace, given);
            } else if (!given.isEmpty()) {
                if (!given.contains(Injector.AMBIENT)) {
                    injected.add(name);
                }
            } else if (everywhere) {
                injected.add(name);
                report.add(IstioCode.NAMESPACE_INJECTION_ENABLED_BY_DEFAULT, namespace);
            } else {
                report.add(IstioCode.NAMESPACE_NOT_INJECTED, namespace, name, name);
            }
        }
        mesh.workloads(w -> w.isPod() && injected.contains(w.namespace()))
                .forEach(pod -> reportPod(pod, report));
    }

    private static List<String> given(Map<String, String> labels) {
        List<String> given = new ArrayList<>();
        for (String label : List.of(Injector.INJECTION, Injector.REVISION)) {
            if (labels.containsKey(label)) {
                given.add(label);
            }
        }
        if ("ambient".equals(labels.get(Injector.AMBIENT))) {
            given.add(Injector.AMBIENT);
        }
        return given;
    }

    private static void reportPod(Workload pod, Report report) {
        Field spec = pod.spec();
        Field resource = pod.resource();
        if (spec == null || resource == null) {
            return;
        }
        String wanted =
                pod.labels()
                        .getOrDefault(
                                Injector.POD, pod.annotations().getOrDefault(Injector.POD, "true"));
        boolean has = Injector.proxies(spec).findAny().isPresent();
        if (!wanted.equals("false") && !spec.get("hostNetwork").bool(false) && !has) {
            report.add(IstioCode.POD_MISSING_PROXY, resource, pod.name());
        }
    }
}
