package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.weft.compiler.catalog.DiscoveredService;
import io.weft.policy.control.ServiceRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services, their EndpointSlices and the pods behind them, followed by list and watch. Nothing is told
 * before all three are known: an endpoint without its pod would be called past its sidecar.
 */
final class KubernetesServices implements ServiceRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesServices.class);

    private final Watched<Service> services;
    private final Watched<EndpointSlice> slices;
    private final Watched<Pod> pods;
    private final ServiceMapping mapping;
    private final Gathering changes = new Gathering("weft-kubernetes", this::tell);
    private volatile Consumer<List<DiscoveredService>> listener = services -> {};
    private volatile boolean complete;

    /**
     * @param namespaces that are followed; empty for all
     */
    KubernetesServices(KubernetesClient client, Set<String> namespaces, ServiceMapping mapping) {
        this.services = new Watched<>("Services", in(namespaces, client.services()));
        this.slices =
                new Watched<>(
                        "EndpointSlices",
                        in(namespaces, client.discovery().v1().endpointSlices()));
        this.pods = new Watched<>("Pods", in(namespaces, client.pods()));
        this.mapping = mapping;
    }

    private static <T extends HasMetadata> List<SharedIndexInformer<T>> in(
            Set<String> namespaces, MixedOperation<T, ?, ? extends Resource<T>> all) {
        return namespaces.isEmpty()
                ? List.of(all.inAnyNamespace().runnableInformer(0))
                : namespaces.stream().map(each -> all.inNamespace(each).runnableInformer(0)).toList();
    }

    @Override
    public String name() {
        return "Kubernetes";
    }

    @Override
    public CompletionStage<Void> start(Consumer<List<DiscoveredService>> told) {
        listener = told;
        return CompletableFuture.allOf(
                        services.start(this::changed),
                        slices.start(this::changed),
                        pods.start(this::changed))
                .thenRun(
                        () -> {
                            complete = true;
                            tell();
                        });
    }

    private void changed() {
        if (complete) {
            changes.changed();
        }
    }

    private synchronized void tell() {
        try {
            listener.accept(mapping.services(services.all(), slices.all(), pods.all()));
        } catch (RuntimeException e) {
            LOG.error("Kubernetes Services: cannot be taken over; what was last read holds", e);
        }
    }

    @Override
    public void close() {
        services.close();
        slices.close();
        pods.close();
        changes.close();
    }
}
