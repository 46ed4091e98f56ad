package io.weft.agent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The per-pod sidecar. Its settings are {@code weft.mesh.*}. */
@SpringBootApplication(proxyBeanMethods = false)
public class MeshAgentApplication {

    public static void main(String[] args) {
        SpringApplication.run(MeshAgentApplication.class, args);
    }
}
