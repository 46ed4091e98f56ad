package io.weft.blog.api;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Articles at {@code /api/v1/articles}; {@code blog.version} chooses between v1 and v2 of what they
 * look like.
 *
 * <p>It can be started several times in one JVM; each start is a context of its own.
 */
@SpringBootApplication
public class BlogApiApplication {

    /** Runs until the process is told to stop. */
    public static void main(String[] args) {
        start(args);
    }

    /**
     * Starts one instance and returns when it accepts requests.
     *
     * @param args Spring Boot's command line, for example {@code --blog.version=v2}
     * @return the running instance; closing it stops it gracefully
     */
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(BlogApiApplication.class)
                .web(WebApplicationType.REACTIVE)
                .properties("spring.config.name=blog-api")
                .initializers(new MongoLocator())
                .run(args);
    }
}
