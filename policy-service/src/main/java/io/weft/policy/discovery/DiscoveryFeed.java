package io.weft.policy.discovery;

import io.weft.compiler.catalog.DiscoveredService;
import io.weft.policy.control.ControlPlane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.event.EventListener;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks every discovery client at an interval, and at once when one says that something has changed.
 * A client that fails keeps what it last said.
 */
public final class DiscoveryFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryFeed.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final ControlPlane control;
    private final List<ReactiveDiscoveryClient> clients;
    private final InstanceMapping mapping;
    private final Map<String, String> complaints = new ConcurrentHashMap<>();
    private final Disposable.Composite running = Disposables.composite();

    /** Begins at once. */
    public DiscoveryFeed(
            ControlPlane control,
            List<ReactiveDiscoveryClient> clients,
            Duration interval,
            String defaultNamespace) {
        this.control = control;
        this.mapping = new InstanceMapping(defaultNamespace);
        this.clients =
                clients.stream()
                        .filter(each -> !(each instanceof ReactiveCompositeDiscoveryClient))
                        .toList();
        this.clients.forEach(client ->
                running.add(
                        Flux.interval(Duration.ZERO, interval)
                                .onBackpressureDrop()
                                .concatMap(tick -> ask(client), 1)
                                .subscribe()));
    }

    /** A discovery client has noticed a change. */
    @EventListener
    public void heartbeat(HeartbeatEvent event) {
        clients.forEach(client -> running.add(ask(client).subscribe()));
    }

    private Mono<Void> ask(ReactiveDiscoveryClient client) {
        return client.getServices()
                .flatMap(client::getInstances)
                .collectList()
                .map(mapping::services)
                .timeout(TIMEOUT)
                .doOnNext(services -> heard(client, services))
                .onErrorResume(failure -> {
                    complain(client, String.valueOf(failure.getMessage()));
                    return Mono.empty();
                })
                .then();
    }

    private void heard(ReactiveDiscoveryClient client, List<DiscoveredService> services) {
        complaints.remove(name(client));
        control.discovered(name(client), services);
    }

    private void complain(ReactiveDiscoveryClient client, String reason) {
        if (!reason.equals(complaints.put(name(client), reason))) {
            LOG.warn("{} cannot be asked: {}; its last answer holds", name(client), reason);
        }
    }

    private static String name(ReactiveDiscoveryClient client) {
        return client.getClass().getSimpleName() + " (" + client.description() + ")";
    }

    @Override
    public void close() {
        running.dispose();
    }
}
