package io.weft.blog.users;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Users over gRPC and JSON on the same port: cleartext HTTP/2 by prior knowledge, and HTTP/1.1.
 *
 * <p>It can be started several times in one JVM; each start is a context of its own.
 */
@SpringBootApplication
public class UserServiceApplication {

    /** Runs until the process is told to stop. */
    public static void main(String[] args) {
        start(args);
    }

    /**
     * Starts one instance and returns when it accepts requests.
     *
     * @param args Spring Boot's command line, for example {@code --server.port=9090}
     * @return the running instance; closing it stops it gracefully
     */
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(UserServiceApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("spring.config.name=user-service")
                .initializers(new RedisLocator())
                .run(args);
    }
}
