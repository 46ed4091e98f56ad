package io.weft.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts a lab for a test class: real sidecars and real mTLS on loopback. Parameters of type {@link
 * Mesh} get it. It lives for the whole class; the resources named here are put back before each
 * test method that runs after one that has changed them.
 *
 * <pre>{@code
 * @MeshTest(topology = "/mesh/topology.yaml", resources = "/mesh/policies.yaml")
 * class OrdersAreProtected {
 *     @Test
 *     void nobodyButTheFrontEndMayOrder(Mesh mesh) {
 *         mesh.request("batch.shop", "orders.shop:8080").post("/orders").expectStatus(403);
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MeshExtension.class)
public @interface MeshTest {

    /**
     * The topology: a resource on the class path that begins with a slash, a path of a file, or the
     * YAML itself when it has several lines.
     */
    String topology();

    /** Policies, each given in one of the same ways; a folder is read as a whole. */
    String[] resources() default {};

    String rootNamespace() default "istio-system";

    String trustDomain() default "cluster.local";
}
