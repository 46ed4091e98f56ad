package io.weft.agent;

import io.weft.spring.lazy.LazyProxy;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The per-pod sidecar. Its settings are {@code weft.mesh.*}. */
@SpringBootApplication(proxyBeanMethods = false)
public class MeshAgentApplication {

    public static void main(String[] args) {
        LazyProxy.run(MeshAgentApplication.class, args);
    }
}
