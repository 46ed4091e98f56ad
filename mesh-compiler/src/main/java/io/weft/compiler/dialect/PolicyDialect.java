package io.weft.compiler.dialect;

import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.List;

/**
 * A policy language. Implementations live in packages of their own, have no state, and know no
 * other dialect.
 */
public interface PolicyDialect {

    Dialect id();

    /** Whether the resource is this dialect's to read; the first dialect that claims it gets it. */
    boolean claims(RawResource resource);

    /**
     * Whether it looks at {@link CompileContext#cluster()}; if not, it need not compile again when
     * only a Service or a Namespace has changed.
     */
    default boolean looksAtCluster() {
        return true;
    }

    /**
     * Compiles everything that was claimed, oldest first. Problems go to the context's diagnostics;
     * a resource with a problem is left out or kept in part, but never thrown over. The outcome
     * depends on the arguments only, and what is built is not changed afterwards.
     */
    DialectPolicies compile(List<RawResource> resources, CompileContext context);
}
