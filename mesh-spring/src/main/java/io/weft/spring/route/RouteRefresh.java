package io.weft.spring.route;

import io.weft.dataplane.config.ResourceSet;
import java.util.function.Consumer;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Lets Gateway read its routes again when the mesh's have changed; not before the application has
 * started, since a configuration may come while beans are still being made.
 */
public final class RouteRefresh
        implements Consumer<ResourceSet>, ApplicationListener<ApplicationReadyEvent> {

    private final ApplicationContext context;
    private volatile boolean started;

    public RouteRefresh(ApplicationContext context) {
        this.context = context;
    }

    @Override
    public void accept(ResourceSet applied) {
        if (started) {
            context.publishEvent(new RefreshRoutesEvent(this));
        }
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        started = true;
        context.publishEvent(new RefreshRoutesEvent(this));
    }
}
