package io.weft.policy.api;

import io.weft.engine.MeshClock;
import io.weft.policy.explain.ExplainService;
import io.weft.policy.server.PolicyServer;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the API. */
@Configuration(proxyBeanMethods = false)
@Import({
    StatusController.class,
    TokenController.class,
    AuthorityController.class,
    ExplainController.class,
    TrafficController.class,
    TapController.class,
    FileController.class,
    HistoryController.class,
    LoginConfiguration.class,
    ProblemAdvice.class
})
public class ApiConfiguration {

    @Bean
    ResponseGuard responseGuard(@Value("${server.address:127.0.0.1}") String address) {
        return new ResponseGuard(address);
    }

    @Bean
    FailedLogins failedLogins(InstantSource clock) {
        return new FailedLogins(clock);
    }

    @Bean
    AccessGuard accessGuard(
            People people,
            FailedLogins failures,
            @Value("${server.address:127.0.0.1}") String address,
            @Value("${weft.policy.api.anonymous-reads:}") String anonymousReads) {
        boolean reads =
                anonymousReads.isEmpty()
                        ? ResponseGuard.isLoopback(address)
                        : Boolean.parseBoolean(anonymousReads);
        return new AccessGuard(people, reads, failures);
    }

    @Bean
    ExplainService explainService(PolicyServer server) {
        return new ExplainService(server.control(), MeshClock.system());
    }

    @Bean
    MeshHealthIndicator meshHealthIndicator(PolicyServer server, InstantSource clock) {
        return new MeshHealthIndicator(server, clock);
    }
}
