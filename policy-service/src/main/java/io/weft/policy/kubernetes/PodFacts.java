package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.weft.model.SpiffeId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the mesh wants to know of a pod.
 *
 * @param identity null without a sidecar
 * @param workload the name of what keeps it running
 * @param region empty where it is not known
 */
record PodFacts(
        @Nullable SpiffeId identity, String workload, Map<String, String> labels, String region) {

    private static final String SIDECAR = "istio-proxy";
    private static final String HASH = "pod-template-hash";
    private static final String REGION = "topology.kubernetes.io/region";

    static PodFacts of(Pod pod, String trustDomain) {
        Map<String, String> labels = orEmpty(pod.getMetadata().getLabels());
        return new PodFacts(
                hasSidecar(pod) ? identity(pod, trustDomain) : null,
                workload(pod, labels),
                labels,
                labels.getOrDefault(REGION, ""));
    }

    /** A gateway has the same container, but alone: nothing stands behind it. */
    private static boolean hasSidecar(Pod pod) {
        List<Container> containers = pod.getSpec().getContainers();
        boolean beside = containers.size() > 1 && containers.stream().anyMatch(PodFacts::isSidecar);
        return beside
                || pod.getSpec().getInitContainers().stream()
                        .anyMatch(
                                each ->
                                        isSidecar(each) && "Always".equals(each.getRestartPolicy()));
    }

    private static boolean isSidecar(Container container) {
        return SIDECAR.equals(container.getName());
    }

    private static SpiffeId identity(Pod pod, String trustDomain) {
        String account = pod.getSpec().getServiceAccountName();
        return new SpiffeId(
                trustDomain,
                pod.getMetadata().getNamespace(),
                account == null || account.isEmpty() ? "default" : account);
    }

    /** Its owner; of a ReplicaSet the Deployment, whose name is the ReplicaSet's without the hash. */
    private static String workload(Pod pod, Map<String, String> labels) {
        String owner =
                pod.getMetadata().getOwnerReferences().stream()
                        .filter(each -> Boolean.TRUE.equals(each.getController()))
                        .map(OwnerReference::getName)
                        .findFirst()
                        .orElse(pod.getMetadata().getName());
        String suffix = "-" + labels.getOrDefault(HASH, "");
        return suffix.length() > 1 && owner.endsWith(suffix)
                ? owner.substring(0, owner.length() - suffix.length())
                : owner;
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
