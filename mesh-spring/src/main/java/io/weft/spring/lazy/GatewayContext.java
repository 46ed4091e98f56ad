package io.weft.spring.lazy;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.config.ResourceSet;
import io.weft.spring.route.RouteRefresh;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * The application's whole context with Spring Cloud Gateway in it, around a proxy that serves
 * already. Made at most once. Thread-safe.
 */
final class GatewayContext implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayContext.class);
    private static final String MANAGEMENT_PORT = "management.server.port";

    private final Class<?> application;
    private final String[] arguments;
    private final boolean ownPorts;
    private final CompletableFuture<MeshProxy> proxy = new CompletableFuture<>();
    private volatile @Nullable ConfigurableApplicationContext context;
    private boolean closed;

    /**
     * @param ownPorts whether it binds the ports of its settings; else a free one on loopback
     */
    GatewayContext(Class<?> application, String[] arguments, boolean ownPorts) {
        this.application = application;
        this.arguments = arguments.clone();
        this.ownPorts = ownPorts;
    }

    /** Says which proxy it belongs to. */
    void around(MeshProxy serving) {
        proxy.complete(serving);
    }

    /** The context, null before anything needed it. */
    @Nullable ApplicationContext started() {
        return context;
    }

    /**
     * The context, started by the first caller; others wait for it.
     *
     * @throws RuntimeException when it does not start
     */
    synchronized ConfigurableApplicationContext get() {
        ConfigurableApplicationContext now = context;
        if (now == null) {
            if (closed) {
                throw new IllegalStateException("the proxy is ending");
            }
            LOG.info("starting Spring Cloud Gateway, which is needed from now on");
            SpringApplication all =
                    new SpringApplicationBuilder(application)
                            .main(application)
                            .initializers(this::prepare)
                            .registerShutdownHook(false)
                            .build();
            now = all.run(arguments);
            context = now;
        }
        return now;
    }

    /** Where its actuator listens. */
    String actuator() {
        var environment = get().getEnvironment();
        String port = environment.getProperty("local.management.port");
        return "http://127.0.0.1:"
                + (port != null ? port : environment.getProperty("local.server.port"));
    }

    private void prepare(ConfigurableApplicationContext fresh) {
        GenericApplicationContext beans = (GenericApplicationContext) fresh;
        // Not closed with the context: it was there before, and outlives it while it drains.
        beans.registerBean(
                "meshProxy",
                MeshProxy.class,
                proxy::join,
                definition -> {
                    definition.setLazyInit(true);
                    definition.setDestroyMethodName("");
                });
        if (!ownPorts) {
            freePorts(fresh.getEnvironment());
        }
    }

    private static void freePorts(ConfigurableEnvironment environment) {
        Map<String, Object> ports = new HashMap<>();
        ports.put("server.address", "127.0.0.1");
        ports.put("server.port", 0);
        if (environment.containsProperty(MANAGEMENT_PORT)) {
            ports.put("management.server.address", "127.0.0.1");
            ports.put(MANAGEMENT_PORT, 0);
        }
        environment.getPropertySources().addFirst(new MapPropertySource("weftPorts", ports));
    }

    /** Lets Gateway show the routes of a new configuration. */
    void applied(ResourceSet resources) {
        ApplicationContext now = context;
        if (now != null) {
            now.getBean(RouteRefresh.class).accept(resources);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        ConfigurableApplicationContext now = context;
        if (now != null) {
            now.close();
        }
    }
}
