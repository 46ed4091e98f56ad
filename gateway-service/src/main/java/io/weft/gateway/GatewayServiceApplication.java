package io.weft.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The ingress and egress gateway. Its settings are {@code weft.mesh.*}. */
@SpringBootApplication(proxyBeanMethods = false)
public class GatewayServiceApplication {

    public static void main(String[] args) {
        SpringApplication.run(GatewayServiceApplication.class, args);
    }
}
