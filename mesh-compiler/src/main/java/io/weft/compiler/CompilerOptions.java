package io.weft.compiler;

/**
 * How a configuration is compiled.
 *
 * @param trustDomain of the mesh's identities
 * @param rootNamespace policies in it hold for the whole mesh
 * @param defaultNamespace of resources that name none
 * @param allowByDefault what holds where a dialect leaves the default to the mesh (Consul's
 *     intentions)
 */
public record CompilerOptions(
        String trustDomain, String rootNamespace, String defaultNamespace, boolean allowByDefault) {

    public static final CompilerOptions DEFAULT =
            new CompilerOptions("cluster.local", "istio-system", "default", true);

    public CompilerOptions(String trustDomain, String rootNamespace) {
        this(trustDomain, rootNamespace, "default", true);
    }
}
