package io.weft.spring;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.lane.LoginGate;
import io.weft.dataplane.telemetry.ProcessMetrics;
import io.weft.spring.actuate.MeshEndpoint;
import io.weft.spring.actuate.MeshHealthIndicator;
import io.weft.spring.lane.GatewayChains;
import io.weft.spring.lane.SpringFilterLane;
import io.weft.spring.route.MeshRouteDefinitionLocator;
import io.weft.spring.route.MeshRoutePredicateFactory;
import io.weft.spring.route.MeshRoutingFilter;
import io.weft.spring.route.MeshWriteResponseFilter;
import io.weft.spring.route.RouteRefresh;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.codec.ServerCodecConfigurer;

/**
 * A proxy of the mesh as Spring beans: the data plane, the lane for gateway filters, {@code
 * mesh://} routes, and what the actuator shows.
 */
@AutoConfiguration(after = GatewayAutoConfiguration.class)
@ConditionalOnProperty(prefix = "weft.mesh", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshProperties.class)
public class MeshAutoConfiguration {

    @Bean
    GatewayChains meshGatewayChains(
            List<RoutePredicateFactory> predicates,
            List<GatewayFilterFactory> factories,
            GatewayProperties properties,
            ConfigurationService configuration) {
        return new GatewayChains(predicates, factories, properties, configuration);
    }

    @Bean
    SpringFilterLane meshFilterLane(
            GatewayChains chains,
            FilteringWebHandler handler,
            ServerCodecConfigurer codecs,
            ApplicationContext context) {
        return new SpringFilterLane(chains, handler, codecs, context);
    }

    @Bean
    RouteRefresh meshRouteRefresh(ApplicationContext context) {
        return new RouteRefresh(context);
    }

    /** Bound to the context's life: it serves as long as the application does. */
    @Bean
    @ConditionalOnMissingBean
    MeshProxy meshProxy(
            MeshProperties properties,
            SpringFilterLane lane,
            GatewayChains chains,
            RouteRefresh refresh,
            ObjectProvider<LoginGate> login) {
        return MeshProxies.start(
                properties, lane, chains::prepare, refresh, login.getIfAvailable());
    }

    /** Beside the proxy's own metrics, at the same address. */
    @Bean
    ProcessMetrics meshProcessMetrics(MeshProxy proxy) {
        return proxy.metrics().ofProcess();
    }

    @Bean
    MeshRoutingFilter meshRoutingFilter(
            ObjectProvider<MeshProxy> proxy,
            ObjectProvider<List<HttpHeadersFilter>> headersFilters) {
        return new MeshRoutingFilter(() -> proxy.getObject().plane().client(), headersFilters);
    }

    @Bean
    MeshWriteResponseFilter meshWriteResponseFilter() {
        return new MeshWriteResponseFilter();
    }

    @Bean
    MeshRoutePredicateFactory meshRoutePredicateFactory() {
        return new MeshRoutePredicateFactory();
    }

    @Bean
    MeshRouteDefinitionLocator meshRouteDefinitionLocator(ObjectProvider<MeshProxy> proxy) {
        return new MeshRouteDefinitionLocator(() -> proxy.getObject().plane().view());
    }

    @Bean
    MeshEndpoint meshEndpoint(ObjectProvider<MeshProxy> proxy) {
        return new MeshEndpoint(
                () -> proxy.getObject().plane().view(), () -> proxy.getObject().certificates());
    }

    @Bean
    MeshHealthIndicator meshHealthIndicator(ObjectProvider<MeshProxy> proxy) {
        return new MeshHealthIndicator(() -> proxy.getObject().plane().view());
    }
}
