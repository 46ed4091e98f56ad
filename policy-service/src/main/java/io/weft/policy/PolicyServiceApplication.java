package io.weft.policy;

import io.weft.policy.state.StartFailure;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.cloud.kubernetes.fabric8.discovery.Fabric8CatalogWatchAutoConfiguration;
import org.springframework.cloud.kubernetes.fabric8.discovery.Fabric8DiscoveryClientAutoConfiguration;
import org.springframework.cloud.kubernetes.fabric8.discovery.Fabric8DiscoveryClientSpelAutoConfiguration;
import org.springframework.cloud.kubernetes.fabric8.discovery.Fabric8ReactiveDiscoveryClientAutoConfiguration;
import org.springframework.cloud.kubernetes.fabric8.discovery.Fabric8ReactiveDiscoveryHealthAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * The control plane as a program; docs/policy-service.md tells its properties. Its own configuration
 * file is {@code policy-service.yaml}, so that several services can share a class path.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = {
            // Kubernetes is followed by the control plane itself; see KubernetesConfiguration.
            Fabric8CatalogWatchAutoConfiguration.class,
            Fabric8DiscoveryClientAutoConfiguration.class,
            Fabric8DiscoveryClientSpelAutoConfiguration.class,
            Fabric8ReactiveDiscoveryClientAutoConfiguration.class,
            Fabric8ReactiveDiscoveryHealthAutoConfiguration.class
        })
@Import(PolicyServiceConfiguration.class)
public class PolicyServiceApplication {

    /** Starts the service; why it cannot start is one line on standard error, and exit code 1. */
    public static void main(String[] arguments) {
        try {
            start(arguments);
        } catch (RuntimeException e) {
            System.err.println("policy-service: cannot start: " + reason(e));
            System.exit(1);
        }
    }

    /**
     * Starts the service inside this process.
     *
     * @param arguments properties as on the command line, {@code --weft.policy.state-dir=…}
     * @return the running service; closing it stops it
     */
    public static ConfigurableApplicationContext start(String... arguments) {
        SpringApplication application = new SpringApplication(PolicyServiceApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setDefaultProperties(Map.of("spring.config.name", "policy-service"));
        return application.run(arguments);
    }

    /** What was written for people, in one line: the deepest such cause. */
    private static String reason(Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        for (Throwable each = failure; each != null; each = each.getCause()) {
            switch (each) {
                case StartFailure start -> {
                    return String.valueOf(start.getMessage());
                }
                case PortInUseException port -> {
                    return "API port: " + port.getPort() + " is already in use";
                }
                case BindException bind when bind.getProperty() != null -> {
                    return "%s: '%s' (expected: %s)"
                            .formatted(
                                    bind.getProperty().getName(),
                                    bind.getProperty().getValue(),
                                    bind.getTarget().getType());
                }
                case IllegalArgumentException argument ->
                        reason = String.valueOf(argument.getMessage());
                default -> {}
            }
        }
        return reason.replaceAll("\\s+", " ").strip();
    }
}
