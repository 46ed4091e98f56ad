package io.weft.blog.users;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Decides where the users are kept: in the Redis of {@code REDIS_URL}; without one in an embedded
 * Redis that lives as long as the context; and where that cannot run, in memory.
 */
class RedisLocator implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final String IN_MEMORY = "blog.users.in-memory";

    private static final Logger log = LoggerFactory.getLogger(RedisLocator.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var properties = decide(context, context.getEnvironment().getProperty("REDIS_URL"));
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("redis location", properties));
    }

    private static Map<String, Object> decide(
            ConfigurableApplicationContext context, @Nullable String url) {
        if (StringUtils.hasText(url)) {
            return Map.of("spring.data.redis.url", url);
        }
        try {
            EmbeddedRedis redis = EmbeddedRedis.start();
            // Registered before every bean, so destroyed after every bean that still talks to it.
            ((DefaultSingletonBeanRegistry) context.getBeanFactory())
                    .registerDisposableBean("embeddedRedis", redis::close);
            log.info(
                    "REDIS_URL is not set: users are kept in an embedded Redis at {}", redis.url());
            return Map.of("spring.data.redis.url", redis.url());
        } catch (IOException e) {
            log.warn(
                    "REDIS_URL is not set and the embedded Redis does not run on this machine ({}): "
                            + "users are kept in memory and lost at the end",
                    e.getMessage());
            return Map.of(IN_MEMORY, true);
        }
    }
}
