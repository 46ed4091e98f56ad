package io.weft.compiler.dialect;

import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;

/**
 * What a dialect may know while it compiles.
 *
 * @param rootNamespace its policies hold for the whole mesh
 * @param allowByDefault what holds where a dialect leaves the default to the mesh (Consul)
 * @param cluster what the cluster itself declares: Services, Namespaces, ConfigMaps
 */
public record CompileContext(
        String trustDomain,
        String rootNamespace,
        boolean allowByDefault,
        Diagnostics diagnostics,
        ClusterObjects cluster) {

    public CompileContext(
            String trustDomain,
            String rootNamespace,
            boolean allowByDefault,
            Diagnostics diagnostics) {
        this(trustDomain, rootNamespace, allowByDefault, diagnostics, ClusterObjects.EMPTY);
    }

    /** A cursor on the resource. */
    public Field open(RawResource resource, Dialect dialect) {
        return Field.open(resource, dialect, diagnostics);
    }
}
