package io.weft.spring.lazy;

import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.lane.LaneExchange;
import io.weft.dataplane.lane.MeshResponse;
import io.weft.spring.lane.GatewayChains;
import io.weft.spring.lane.SpringFilterLane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.context.ApplicationContext;

/** The lane for gateway filters; the first configuration that names one starts Spring. */
final class LazyLane implements FilterLane {

    private final GatewayContext gateway;

    LazyLane(GatewayContext gateway) {
        this.gateway = gateway;
    }

    /**
     * Resolves the filters of a configuration before it is in force, on the thread that reads
     * configurations: event loops never wait for Spring.
     *
     * @throws IllegalArgumentException naming the filter that cannot be used, or why Spring does
     *     not start
     */
    void prepare(ResourceSet resources) {
        if (!GatewayChains.anyIn(resources)) {
            return;
        }
        ApplicationContext context;
        try {
            context = gateway.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "gateway filters need Spring Cloud Gateway, which does not start: "
                            + e.getMessage(),
                    e);
        }
        context.getBean(GatewayChains.class).prepare(resources);
    }

    @Override
    public CompletionStage<MeshResponse> filter(LaneExchange exchange) {
        ApplicationContext context = gateway.started();
        return context == null
                ? CompletableFuture.failedStage(
                        new IllegalStateException("gateway filters: not prepared"))
                : context.getBean(SpringFilterLane.class).filter(exchange);
    }
}
