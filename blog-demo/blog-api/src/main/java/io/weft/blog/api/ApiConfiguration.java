package io.weft.blog.api;

import com.mongodb.MongoClientSettings;
import com.mongodb.connection.TransportSettings;
import io.weft.blog.users.v1.UsersGrpc;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.mongodb.autoconfigure.MongoConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class ApiConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ApiConfiguration.class);
    private static final Duration SEEDING = Duration.ofSeconds(10);
    private static final int EVENT_LOOPS = 2;

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    /** Made at start, so that a wrong URL is told then. */
    @Bean
    @Lazy(false)
    Authors authors(
            GrpcChannelFactory channels,
            @Value("${blog.user-service.url}") URI url,
            @Value("${blog.user-service.deadline}") Duration deadline) {
        if (!"http".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "USER_SERVICE_URL: " + url + " (expected: http://HOST:PORT)");
        }
        int port = url.getPort() < 0 ? 80 : url.getPort();
        return new Authors(
                UsersGrpc.newStub(channels.createChannel("dns:///" + url.getHost() + ":" + port)),
                deadline);
    }

    /**
     * Event loops of this instance alone: the global ones would end for every instance in the JVM
     * when the first one stops.
     */
    @Bean
    ReactorResourceFactory reactorResources() {
        var resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(
                () -> LoopResources.create("blog-api", EVENT_LOOPS, true));
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    /**
     * A request is told soon that the database is away, and an idle instance keeps few connections.
     * The JDK's own asynchronous sockets stop at once and need no further event loops.
     */
    @Bean
    MongoClientSettings databaseSettings(
            MongoConnectionDetails details, @Value("${blog.database-timeout}") Duration timeout) {
        return MongoClientSettings.builder()
                .applyConnectionString(details.getConnectionString())
                .transportSettings(TransportSettings.asyncBuilder().build())
                .applyToClusterSettings(cluster ->
                        cluster.serverSelectionTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxSize(20))
                .build();
    }

    @Bean
    ApplicationRunner seedArticles(ArticleStore store) {
        return arguments ->
                store.insertMissing(SampleArticles.all())
                        .timeout(SEEDING)
                        .onErrorResume(e -> {
                            log.warn("the sample articles are not stored: {}", e.toString());
                            return Mono.empty();
                        })
                        .block();
    }

    @Bean
    HandlerMapping liveMapping(LiveHandler live) {
        return new SimpleUrlHandlerMapping(
                Map.of("/api/v1/live", live), Ordered.HIGHEST_PRECEDENCE + 10);
    }
}
