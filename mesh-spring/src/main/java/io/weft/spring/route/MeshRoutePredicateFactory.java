package io.weft.spring.route;

import java.util.List;
import java.util.function.Predicate;
import org.springframework.cloud.gateway.handler.predicate.AbstractRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.GatewayPredicate;
import org.springframework.web.server.ServerWebExchange;

/**
 * The predicate of mesh routes as the actuator shows them: it never matches, since the data plane
 * has matched before Gateway sees a request.
 */
public final class MeshRoutePredicateFactory
        extends AbstractRoutePredicateFactory<MeshRoutePredicateFactory.Config> {

    /** What the data plane matches, as text. */
    public static final class Config {
        private String match = "";

        public String getMatch() {
            return match;
        }

        public void setMatch(String value) {
            match = value;
        }
    }

    public MeshRoutePredicateFactory() {
        super(Config.class);
    }

    @Override
    public List<String> shortcutFieldOrder() {
        return List.of("match");
    }

    @Override
    public Predicate<ServerWebExchange> apply(Config config) {
        return new GatewayPredicate() {
            @Override
            public boolean test(ServerWebExchange exchange) {
                return false;
            }

            @Override
            public Object getConfig() {
                return config;
            }

            @Override
            public String toString() {
                return "mesh: " + config.getMatch();
            }
        };
    }
}
