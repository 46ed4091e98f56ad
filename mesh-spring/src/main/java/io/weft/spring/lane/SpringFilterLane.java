package io.weft.spring.lane;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.lane.LaneExchange;
import io.weft.dataplane.lane.MeshResponse;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import org.springframework.web.server.session.DefaultWebSessionManager;

/**
 * Runs Spring Cloud Gateway's filters for a mesh route, on the exchange's own event loop, between
 * authorisation and dispatch. Global filters take part as on any gateway route.
 */
public final class SpringFilterLane implements FilterLane {

    private static final Logger LOG = LoggerFactory.getLogger(SpringFilterLane.class);

    private final GatewayChains chains;
    private final FilteringWebHandler handler;
    private final ServerCodecConfigurer codecs;
    private final ApplicationContext context;
    private final DefaultWebSessionManager sessions = new DefaultWebSessionManager();
    private final AcceptHeaderLocaleContextResolver locales =
            new AcceptHeaderLocaleContextResolver();

    public SpringFilterLane(
            GatewayChains chains,
            FilteringWebHandler handler,
            ServerCodecConfigurer codecs,
            ApplicationContext context) {
        this.chains = chains;
        this.handler = handler;
        this.codecs = codecs;
        this.context = context;
    }

    @Override
    public CompletionStage<MeshResponse> filter(LaneExchange lane) {
        LaneRequest request = LaneRequest.of(lane);
        LaneResponse response = new LaneResponse();
        ServerWebExchange exchange =
                new DefaultServerWebExchange(request, response, sessions, codecs, locales, context);
        LaneAttributes.bind(exchange, lane, request);
        exchange.getAttributes().put(GATEWAY_ROUTE_ATTR, chains.route(lane.filters()));
        handler.handle(exchange)
                .subscribe(ignored -> {}, error -> failed(lane, response, error), response::finish);
        return response.answer();
    }

    private static void failed(LaneExchange lane, LaneResponse response, Throwable error) {
        HttpStatusCode status =
                error instanceof ErrorResponse known
                        ? known.getStatusCode()
                        : HttpStatus.INTERNAL_SERVER_ERROR;
        if (status.is5xxServerError()) {
            LOG.warn("gateway filters of route {} failed", lane.routeName(), error);
        }
        response.fail(status);
    }
}
