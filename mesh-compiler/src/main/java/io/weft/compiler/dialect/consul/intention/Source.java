package io.weft.compiler.dialect.consul.intention;

/**
 * Whom an intention is about.
 *
 * @param name a service, or {@code *}
 * @param namespace of it, or {@code *}
 * @param peer empty for this mesh
 * @param samenessGroup empty for none
 */
public record Source(String name, String namespace, String peer, String samenessGroup) {

    static final String ANY = "*";

    /** Whether it is any service of some namespaces. */
    public boolean isWildcard() {
        return name.equals(ANY);
    }

    boolean sameMesh(Source other) {
        return peer.equals(other.peer) && samenessGroup.equals(other.samenessGroup);
    }

    /** Whether the other one is wider and covers it: what holds for this one does not for that. */
    public boolean isMoreSpecificThan(Source wider) {
        boolean namespaceCovered = wider.namespace.equals(ANY) || wider.namespace.equals(namespace);
        boolean nameCovered = wider.isWildcard() || wider.name.equals(name);
        return sameMesh(wider) && nameCovered && namespaceCovered && !equals(wider);
    }

    /** As people read it: {@code peer(billing)/default/web}. */
    String display() {
        String mesh = peer.isEmpty() ? "" : "peer(" + peer + ")/";
        String group = samenessGroup.isEmpty() ? "" : "sameness-group(" + samenessGroup + ")/";
        return group + mesh + namespace + "/" + name;
    }
}
