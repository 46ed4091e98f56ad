package io.weft.compiler.dialect;

import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.function.Function;

/**
 * What a dialect may know while it compiles.
 *
 * @param rootNamespace its policies hold for the whole mesh
 * @param allowByDefault what holds where a dialect leaves the default to the mesh (Consul)
 * @param cluster what the cluster itself declares: Services, Namespaces, ConfigMaps
 * @param readings what was read of resources before
 */
public record CompileContext(
        String trustDomain,
        String rootNamespace,
        boolean allowByDefault,
        Diagnostics diagnostics,
        ClusterObjects cluster,
        Readings readings) {

    public CompileContext(
            String trustDomain,
            String rootNamespace,
            boolean allowByDefault,
            Diagnostics diagnostics) {
        this(
                trustDomain,
                rootNamespace,
                allowByDefault,
                diagnostics,
                ClusterObjects.EMPTY,
                new Readings());
    }

    /** A cursor on the resource. */
    public Field open(RawResource resource, Dialect dialect) {
        return Field.open(resource, dialect, diagnostics);
    }

    /**
     * What the reader makes of the resource as a whole, perhaps from an earlier compilation: it may
     * look at nothing but the field, what is given, and the scalar values here.
     *
     * @param given everything else on which the outcome depends; compared by {@code equals}
     * @param reader makes something immutable and reports to the field only
     */
    public <T> T read(
            RawResource resource, Dialect dialect, Object given, Function<Field, T> reader) {
        return readings.read(resource, dialect, given, reader, diagnostics);
    }
}
