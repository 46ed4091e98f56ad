package io.weft.blog.frontend;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The blog's pages.
 *
 * <p>It can be started several times in one JVM; each start is a context of its own.
 */
@SpringBootApplication
public class BlogFrontendApplication {

    /** Runs until the process is told to stop. */
    public static void main(String[] args) {
        start(args);
    }

    /**
     * Starts one instance and returns when it accepts requests.
     *
     * @param args Spring Boot's command line, for example {@code --server.port=3000}
     * @return the running instance; closing it stops it gracefully
     */
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(BlogFrontendApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("spring.config.name=blog-frontend")
                .run(args);
    }
}
