package io.weft.compiler.dialect.consul.chain;

/** A service of this mesh by its name; a Consul namespace is a Kubernetes one. */
public record ServiceName(String name, String namespace) {

    /** As nodes of a chain are called: with the only partition that there is. */
    String qualified() {
        return name + "." + namespace + "." + DiscoveryChain.PARTITION;
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
