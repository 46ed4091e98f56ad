package io.weft.blog.api;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Decides where the articles are kept: in the MongoDB of {@code DATABASE_URL}, and without one in
 * an embedded stand-in that lives as long as the context.
 */
class MongoLocator implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Logger log = LoggerFactory.getLogger(MongoLocator.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        String url = context.getEnvironment().getProperty("DATABASE_URL");
        if (!StringUtils.hasText(url)) {
            EmbeddedMongo mongo = EmbeddedMongo.start();
            // Registered before every bean, so destroyed after every bean that still talks to it.
            ((DefaultSingletonBeanRegistry) context.getBeanFactory())
                    .registerDisposableBean("embeddedMongo", mongo::close);
            url = mongo.url();
            log.info("DATABASE_URL is not set: articles are kept in memory behind {}", url);
        }
        context.getEnvironment()
                .getPropertySources()
                .addFirst(
                        new MapPropertySource("mongo location", Map.of("spring.mongodb.uri", url)));
    }
}
