package io.weft.blog.auth;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Stands for {@code https://auth.example.com}: signs in people, and gives out tokens.
 *
 * <p>It can be started several times in one JVM; each start is a context of its own, with a key of
 * its own unless they share {@code AUTH_KEY_FILE}.
 */
@SpringBootApplication
@EnableConfigurationProperties(AuthProperties.class)
public class AuthServerApplication {

    /** Runs until the process is told to stop. */
    public static void main(String[] args) {
        start(args);
    }

    /**
     * Starts one instance and returns when it accepts requests.
     *
     * @param args Spring Boot's command line, for example {@code --server.port=9000}
     * @return the running instance; closing it stops it gracefully
     */
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(AuthServerApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("spring.config.name=auth-server")
                .run(args);
    }
}
