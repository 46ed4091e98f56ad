package io.weft.spring.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.lane.MeshRequest;
import io.weft.dataplane.lane.MeshResponse;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.spring.route.MeshRoutingFilter;
import io.weft.spring.route.MeshWriteResponseFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.ResponseStatusException;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** Against Spring Cloud Gateway itself; only the data plane below is played by the test. */
class SpringFilterLaneTest {

    private static final Origin ORIGIN =
            new Origin(Dialect.WEFT, "VirtualService", "blog", "routes", "mesh/a.yaml", 7);

    private static final List<MeshRequest> SENT = new ArrayList<>();
    private static ConfigurableApplicationContext context;
    private static GatewayChains chains;
    private static SpringFilterLane lane;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        MeshRoutingFilter routing(ObjectProvider<List<HttpHeadersFilter>> filters) {
            return new MeshRoutingFilter(() -> SpringFilterLaneTest::answerForMesh, filters);
        }

        @Bean
        MeshWriteResponseFilter writing() {
            return new MeshWriteResponseFilter();
        }

        /** A user's own filter. */
        @Bean
        TeapotGatewayFilterFactory teapot() {
            return new TeapotGatewayFilterFactory();
        }
    }

    static class TeapotGatewayFilterFactory extends AbstractGatewayFilterFactory<Object> {
        @Override
        public GatewayFilter apply(Object config) {
            return (exchange, chain) -> {
                throw new ResponseStatusException(HttpStatus.I_AM_A_TEAPOT);
            };
        }
    }

    private static CompletableFuture<MeshResponse> answerForMesh(MeshRequest request) {
        SENT.add(request);
        Bodies.discard(request.body());
        return CompletableFuture.completedFuture(response(200, "from the mesh"));
    }

    @BeforeAll
    static void startGateway() {
        context =
                new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.REACTIVE)
                        .properties(
                                "server.port=0",
                                "server.address=127.0.0.1",
                                "weft.mesh.enabled=false",
                                "spring.main.banner-mode=off",
                                "spring.cloud.gateway.server.webflux.routes[0].id=plain",
                                "spring.cloud.gateway.server.webflux.routes[0].uri=mesh://reviews.default:9080",
                                "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/reviews/**",
                                "spring.cloud.gateway.server.webflux.routes[0].filters[0]=StripPrefix=1")
                        .run();
        chains =
                new GatewayChains(
                        List.copyOf(context.getBeansOfType(RoutePredicateFactory.class).values()),
                        List.copyOf(context.getBeansOfType(GatewayFilterFactory.class).values()),
                        context.getBean(GatewayProperties.class),
                        context.getBean(ConfigurationService.class));
        lane =
                new SpringFilterLane(
                        chains,
                        context.getBean(FilteringWebHandler.class),
                        context.getBean(ServerCodecConfigurer.class),
                        context);
    }

    @AfterAll
    static void stopGateway() {
        context.close();
    }

    @BeforeEach
    void forget() {
        SENT.clear();
    }

    private static MeshResponse response(int status, String body) {
        DefaultLastHttpContent last = new DefaultLastHttpContent();
        last.trailingHeaders().set("grpc-status", "0");
        DefaultHttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        head.headers().set("x-upstream", "yes");
        return new MeshResponse(
                head,
                JdkFlowAdapter.publisherToFlowPublisher(Flux.just(content(body), last)));
    }

    private static HttpContent content(String text) {
        return new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private static HttpRequest request(String uri) {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, uri);
        head.headers().set("Host", "blog-api.blog:8080").add("x-many", "1").add("x-many", "2");
        return head;
    }

    private static Filter.Gateway filter(String name, Map<String, String> args) {
        return new Filter.Gateway(name, args, ORIGIN);
    }

    private static String text(MeshResponse response, List<String> trailers) throws Exception {
        return JdkFlowAdapter.flowPublisherToFlux(response.body())
                .map(
                        part -> {
                            if (part instanceof LastHttpContent last) {
                                last.trailingHeaders()
                                        .forEach(t -> trailers.add(t.getKey() + "=" + t.getValue()));
                            }
                            String piece = part.content().toString(StandardCharsets.UTF_8);
                            part.release();
                            return piece;
                        })
                .collectList()
                .map(parts -> String.join("", parts))
                .toFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static MeshResponse run(PlayedExchange exchange) throws Exception {
        return lane.filter(exchange).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void filtersChangeTheRequestBetweenAuthorisationAndDispatch() throws Exception {
        PlayedExchange exchange =
                new PlayedExchange(
                        request("/api/v1/x%2Fy?q=1"),
                        "hello",
                        List.of(
                                filter(
                                        "AddRequestHeader",
                                        Map.of("name", "x-added", "value", "by-filter")),
                                filter("AddResponseHeader", Map.of("name", "x-after", "value", "1"))),
                        response(201, "body"));
        MeshResponse answer = run(exchange);
        assertThat(exchange.dispatched().uri()).isEqualTo("/api/v1/x%2Fy?q=1");
        assertThat(exchange.dispatched().headers().get("x-added")).isEqualTo("by-filter");
        assertThat(exchange.dispatched().headers().getAll("x-many")).containsExactly("1", "2");
        assertThat(exchange.dispatchedBody()).isEqualTo("hello");
        assertThat(answer.head().status().code()).isEqualTo(201);
        assertThat(answer.head().headers().get("x-upstream")).isEqualTo("yes");
        assertThat(answer.head().headers().get("x-after")).isEqualTo("1");
        List<String> trailers = new ArrayList<>();
        assertThat(text(answer, trailers)).isEqualTo("body");
        assertThat(trailers).containsExactly("grpc-status=0");
    }

    @Test
    void filtersRewriteThePath() throws Exception {
        PlayedExchange exchange =
                new PlayedExchange(
                        request("/api/v1/articles?q=1"),
                        "",
                        List.of(filter("StripPrefix", Map.of("parts", "2"))),
                        response(200, ""));
        run(exchange);
        assertThat(exchange.dispatched().uri()).isEqualTo("/articles?q=1");
    }

    @Test
    void aFilterMayAnswerItselfAndNothingIsDispatched() throws Exception {
        PlayedExchange exchange =
                new PlayedExchange(
                        request("/tea"),
                        "",
                        List.of(filter("Teapot", Map.of())),
                        response(200, "never"));
        assertThat(run(exchange).head().status().code()).isEqualTo(418);
        assertThat(exchange.wasDispatched()).isFalse();
    }

    @Test
    void aFilterThatDoesNotExistIsRefusedWithItsPlaceBeforeItIsInForce() {
        Route route =
                new Route(
                        "r",
                        Match.ALWAYS,
                        new RouteAction.DirectResponse(200, "", List.of()),
                        List.of(filter("NoSuchThing", Map.of())),
                        Timeouts.NONE,
                        null,
                        ORIGIN);
        RouteTable table =
                new RouteTable(
                        "a:80",
                        AppProtocol.HTTP,
                        List.of(new VirtualHost("a", List.of("*"), List.of(route), ORIGIN)),
                        List.of());
        assertThatThrownBy(
                        () -> chains.prepare(new ResourceSet("1", "", Map.of(table.key(), table))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("VirtualService blog/routes mesh/a.yaml:7")
                .hasMessageContaining("NoSuchThing");
    }

    @Test
    void plainGatewayRoutesReachTheMeshByDestination() throws Exception {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        var answer =
                java.net.http.HttpClient.newHttpClient()
                        .send(
                                java.net.http.HttpRequest.newBuilder(
                                                java.net.URI.create(
                                                        "http://127.0.0.1:"
                                                                + port
                                                                + "/reviews/7?x=%2F"))
                                        .build(),
                                java.net.http.HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("from the mesh");
        assertThat(answer.headers().firstValue("x-upstream")).contains("yes");
        assertThat(SENT).hasSize(1);
        assertThat(SENT.getFirst().destination()).isEqualTo("reviews.default:9080");
        assertThat(SENT.getFirst().head().uri()).isEqualTo("/7?x=%2F");
        assertThat(SENT.getFirst().head().headers().get("host")).isEqualTo("reviews.default:9080");
    }
}
