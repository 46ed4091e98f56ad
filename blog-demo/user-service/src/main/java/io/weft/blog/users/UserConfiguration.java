package io.weft.blog.users;

import io.micrometer.observation.ObservationPredicate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    @Bean
    UserStore userStore(
            @Value("${" + RedisLocator.IN_MEMORY + ":false}") boolean inMemory,
            ObjectProvider<StringRedisTemplate> redis,
            JsonMapper json) {
        return inMemory ? new InMemoryUserStore() : new RedisUserStore(redis.getObject(), json);
    }

    @Bean
    UserDirectory userDirectory(UserStore store) {
        return new UserDirectory(store);
    }

    @Bean
    ApplicationRunner seedUsers(UserDirectory directory) {
        return arguments -> directory.seed(SampleUsers.all());
    }

    /**
     * A gRPC call makes its own span; without this the servlet would make a second one for the same
     * request.
     */
    @Bean
    ObservationPredicate onlyOneSpanForEachGrpcCall() {
        return (name, context) -> {
            if (!(context instanceof ServerRequestObservationContext http)
                    || http.getCarrier() == null) {
                return true;
            }
            String contentType = http.getCarrier().getContentType();
            return contentType == null || !contentType.startsWith("application/grpc");
        };
    }
}
