package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.List;
import java.util.Set;

/** Istio: its own API groups, and ConfigMaps that hold its mesh configuration. */
public final class IstioDialect implements PolicyDialect {

    private static final Set<String> GROUPS =
            Set.of(
                    "networking.istio.io",
                    "security.istio.io",
                    "telemetry.istio.io",
                    "install.istio.io",
                    "extensions.istio.io");

    @Override
    public Dialect id() {
        return Dialect.ISTIO;
    }

    @Override
    public boolean claims(RawResource resource) {
        return GROUPS.contains(resource.group()) || MeshConfigReader.isMeshConfig(resource);
    }

    @Override
    public boolean looksAtCluster() {
        return false;
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        return new IstioCompilation(context).compile(resources);
    }
}
