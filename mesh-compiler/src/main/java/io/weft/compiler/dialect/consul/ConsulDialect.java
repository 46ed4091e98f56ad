package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.List;

/**
 * Consul's configuration entries, as Kubernetes resources or in the form of its own API, its
 * server's configuration and the values of its Helm chart.
 */
public final class ConsulDialect implements PolicyDialect {

    static final String GROUP = "consul.hashicorp.com";

    @Override
    public Dialect id() {
        return Dialect.CONSUL;
    }

    @Override
    public boolean claims(RawResource resource) {
        return resource.group().equals(GROUP) || ServerSettings.isConfigMap(resource);
    }

    @Override
    public boolean looksAtCluster() {
        return false;
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        return new ConsulCompilation(context).compile(resources);
    }
}
