package io.weft.testkit.junit;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts the lab of a {@link MeshTest} class and ends it with the class. */
final class MeshExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MeshExtension.class);

    /** JUnit closes it with the context of the class. */
    private record Running(Lab lab, Mesh mesh) implements AutoCloseable {
        @Override
        public void close() {
            lab.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> type = context.getRequiredTestClass();
        MeshTest test =
                AnnotationSupport.findAnnotation(type, MeshTest.class)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        type.getName() + " (expected: @MeshTest on it)"));
        Given given = new Given(type);
        PolicyFile topology = given.text(test.topology(), "topology.yaml");
        List<PolicyFile> resources = new ArrayList<>();
        for (String each : test.resources()) {
            resources.addAll(given.all(each, "resources.yaml"));
        }
        Lab lab =
                Lab.start(
                        topology.path(),
                        topology.content(),
                        resources,
                        test.trustDomain(),
                        test.rootNamespace());
        context.getStore(NAMESPACE).put(Running.class, new Running(lab, new Mesh(lab, resources)));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        running(context).mesh().restore();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Mesh.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context).mesh();
    }

    private static Running running(ExtensionContext context) {
        Running running = context.getStore(NAMESPACE).get(Running.class, Running.class);
        if (running == null) {
            throw new IllegalStateException("the mesh is not running");
        }
        return running;
    }
}
