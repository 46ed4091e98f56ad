package io.weft.blog.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Where files are and how long they may be kept. They cannot change while the application runs. */
@Configuration(proxyBeanMethods = false)
class FileConfiguration implements WebMvcConfigurer {

    private static final Duration FRESH = Duration.ofHours(1);

    private final Map<String, String> etags = new ConcurrentHashMap<>();

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/static/**")
                .addResourceLocations("classpath:/blog-static/")
                .setCacheControl(CacheControl.maxAge(FRESH).cachePublic())
                .setEtagGenerator(this::etag);
    }

    private String etag(Resource resource) {
        return etags.computeIfAbsent(resource.toString(), name -> hash(resource));
    }

    private static String hash(Resource resource) {
        try {
            return DigestUtils.md5DigestAsHex(resource.getContentAsByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }
}
