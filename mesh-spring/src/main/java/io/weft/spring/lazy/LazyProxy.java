package io.weft.spring.lazy;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.spring.MeshProperties;
import io.weft.spring.MeshProxies;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * An application of {@code mesh-spring} whose proxy serves first: settings come from where Spring
 * Boot finds them, but its context with Spring Cloud Gateway, the larger part of the time to start
 * and of the memory, is made when it is needed, which in most sidecars is never.
 *
 * <p>It is needed when a configuration names gateway filters, when an operator asks for a page of
 * the actuator that the proxy does not know itself, and from the start when {@code
 * weft.mesh.spring} is {@code at-once} or the settings have routes of Gateway's own.
 */
public final class LazyProxy implements AutoCloseable {

    private static final String GATEWAY_ROUTE = "spring.cloud.gateway.server.webflux.routes[0].";
    private static final int USUAL_PORT = 15000;

    private final MeshProxy proxy;
    private final GatewayContext gateway;
    private final boolean atOnce;

    private LazyProxy(ConfigurableEnvironment settings, Class<?> application, String[] arguments) {
        Binder binder = Binder.get(settings);
        MeshProperties properties = binder.bindOrCreate("weft.mesh", MeshProperties.class);
        atOnce =
                properties.spring() == MeshProperties.SpringStart.AT_ONCE
                        || settings.containsProperty(GATEWAY_ROUTE + "uri")
                        || settings.containsProperty(GATEWAY_ROUTE + "id");
        gateway = new GatewayContext(application, arguments, atOnce);
        LazyLane lane = new LazyLane(gateway);
        proxy = MeshProxies.start(properties, lane, lane::prepare, gateway::applied, null);
        gateway.around(proxy);
        if (!atOnce) {
            administration(binder);
        }
    }

    /**
     * Starts.
     *
     * @param application what {@link SpringApplication#run(Class, String...)} would be given
     * @return a context with nothing but this in it; closing it ends all
     */
    public static ConfigurableApplicationContext run(Class<?> application, String... arguments) {
        SpringApplication first = new SpringApplication(Settings.class);
        first.setWebApplicationType(WebApplicationType.NONE);
        first.setApplicationContextFactory(type -> new GenericApplicationContext());
        first.setKeepAlive(true);
        first.setLogStartupInfo(false);
        first.addInitializers(context ->
                ((GenericApplicationContext) context)
                        .registerBean(
                                LazyProxy.class,
                                () ->
                                        new LazyProxy(
                                                context.getEnvironment(), application, arguments)));
        ConfigurableApplicationContext context = first.run(arguments);
        LazyProxy started = context.getBean(LazyProxy.class);
        if (started.atOnce) {
            started.gateway.get();
        }
        return context;
    }

    private void administration(Binder binder) {
        int port =
                binder.bind("management.server.port", Integer.class)
                        .orElseGet(
                                () -> binder.bind("server.port", Integer.class).orElse(USUAL_PORT));
        if (port < 0) {
            return;
        }
        try {
            proxy.administration(port, new ActuatorPages(proxy, gateway));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Drains and ends the proxy, then what its filters need. */
    @Override
    public void close() {
        proxy.close();
        gateway.close();
    }

    /** What the first context is made of: settings alone. */
    private static final class Settings {}
}
