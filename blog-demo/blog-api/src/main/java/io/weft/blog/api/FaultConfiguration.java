package io.weft.blog.api;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("blog.faults.enabled")
class FaultConfiguration {

    @Bean
    FaultPlan faultPlan() {
        return new FaultPlan();
    }

    @Bean
    RequestCounts requestCounts() {
        return new RequestCounts();
    }

    @Bean
    FaultFilter faultFilter(FaultPlan plan, RequestCounts counts) {
        return new FaultFilter(plan, counts);
    }
}
