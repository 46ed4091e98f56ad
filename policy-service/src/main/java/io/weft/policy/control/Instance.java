package io.weft.policy.control;

import io.weft.model.SpiffeId;

/** Names an instance; the namespace is a proven one, so nobody can take another's place. */
record Instance(String namespace, String name) implements Comparable<Instance> {

    static Instance of(SpiffeId peer, String name) {
        return new Instance(peer.namespace(), name);
    }

    @Override
    public int compareTo(Instance other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
