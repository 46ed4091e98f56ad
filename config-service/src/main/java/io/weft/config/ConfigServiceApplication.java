package io.weft.config;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.cloud.config.server.EnableConfigServer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * The configuration service as a program; docs/config-service.md tells its properties and
 * endpoints. The auto-configurations that it needs are named one by one in {@code
 * META-INF/spring/io.weft.config.ConfigServiceApplication.imports}: each of the others on the class
 * path is one more thing to look at and one more that could open an endpoint.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration
@EnableConfigServer
@Import(ConfigServiceConfiguration.class)
public class ConfigServiceApplication {

    /**
     * Starts the service; a configuration it cannot run with is one line on standard error and exit
     * code 1.
     */
    public static void main(String[] arguments) {
        start(arguments);
    }

    /**
     * Starts the service inside this process.
     *
     * @param arguments properties as on the command line, {@code --weft.config.git.uri=…}
     * @return the running service; closing it stops it
     */
    public static ConfigurableApplicationContext start(String... arguments) {
        SpringApplication application = new SpringApplication(ConfigServiceApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.addInitializers(new StartupCheck());
        return application.run(arguments);
    }
}
