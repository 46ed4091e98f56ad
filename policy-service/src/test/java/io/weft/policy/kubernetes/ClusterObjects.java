package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.Map;

/** Objects as a cluster has them. */
final class ClusterObjects {

    private ClusterObjects() {}

    /** Port 80 to the pods' port named web, and 9000 to 9001. */
    static Service service(String name) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("blog")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", name))
                .withClusterIP("10.96.0.7")
                .withClusterIPs("10.96.0.7")
                .addNewPort()
                .withName("http")
                .withPort(80)
                .withNewTargetPort("web")
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName("admin")
                .withAppProtocol("kubernetes.io/h2c")
                .withPort(9000)
                .withNewTargetPort(9001)
                .endPort()
                .addNewPort()
                .withName("dns")
                .withPort(53)
                .withProtocol("UDP")
                .endPort()
                .endSpec()
                .build();
    }

    static EndpointSlice slice(String service, String family, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("blog")
                .withName(service + "-" + family.toLowerCase())
                .withLabels(Map.of("kubernetes.io/service-name", service))
                .endMetadata()
                .withAddressType(family)
                .addNewPort()
                .withName("http")
                .withPort(8080)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName("admin")
                .withPort(9001)
                .withProtocol("TCP")
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    static Endpoint endpoint(String pod, String address, boolean ready) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewConditions()
                .withReady(ready)
                .endConditions()
                .withZone("zone-a")
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace("blog")
                .withName(pod)
                .endTargetRef()
                .build();
    }

    /** A pod of a Deployment. */
    static PodBuilder pod(String name, String deployment) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("blog")
                .withName(name)
                .withLabels(
                        Map.of(
                                "app",
                                "users",
                                "version",
                                "v1",
                                "pod-template-hash",
                                "abc12",
                                "topology.kubernetes.io/region",
                                "eu"))
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName(deployment + "-abc12")
                .withUid("uid")
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName("users")
                .addNewContainer()
                .withName("app")
                .endContainer()
                .endSpec();
    }

    static Pod withSidecar(PodBuilder pod) {
        return pod.editSpec().addNewContainer().withName("istio-proxy").endContainer().endSpec().build();
    }

    static Pod withNativeSidecar(PodBuilder pod) {
        return pod.editSpec()
                .addNewInitContainer()
                .withName("istio-proxy")
                .withRestartPolicy("Always")
                .endInitContainer()
                .endSpec()
                .build();
    }

    static Pod asGateway(PodBuilder pod) {
        return pod.editSpec()
                .withContainers()
                .addNewContainer()
                .withName("istio-proxy")
                .endContainer()
                .endSpec()
                .build();
    }
}
