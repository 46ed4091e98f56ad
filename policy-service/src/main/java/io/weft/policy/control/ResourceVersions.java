package io.weft.policy.control;

import io.weft.model.resource.MeshResource;
import io.weft.model.wire.StreamMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A workload's whole configuration, each resource with its content hash. Immutable. */
record ResourceVersions(SortedMap<String, StreamMessage.ResourceUpdate> byKey) {

    static final ResourceVersions NONE = new ResourceVersions(new TreeMap<>());

    /**
     * The versions of what was built for a workload.
     *
     * @param before what the same workload had, which is mostly the same again
     */
    static ResourceVersions of(
            Map<String, MeshResource> built, ResourceVersions before, ResourceHashes hashes) {
        SortedMap<String, StreamMessage.ResourceUpdate> versions = new TreeMap<>();
        built.forEach((key, resource) ->
                versions.put(key, hashes.version(key, resource, before.byKey().get(key))));
        return new ResourceVersions(versions);
    }

    /**
     * What leads here from either of two states that a receiver may be in; they are the same unless
     * there is doubt.
     */
    StreamMessage.Delta since(
            Map<String, String> have, Map<String, String> orHave, String revision, String commit) {
        List<StreamMessage.ResourceUpdate> updates = new ArrayList<>();
        byKey.forEach((key, version) -> {
            if (!version.hash().equals(have.get(key)) || !version.hash().equals(orHave.get(key))) {
                updates.add(version);
            }
        });
        Set<String> removed = new TreeSet<>(have.keySet());
        removed.addAll(orHave.keySet());
        removed.removeAll(byKey.keySet());
        return new StreamMessage.Delta(revision, commit, updates, List.copyOf(removed));
    }

    /** The hashes that a receiver has once it has all this. */
    Map<String, String> hashes() {
        Map<String, String> hashes = new TreeMap<>();
        byKey.forEach((key, version) -> hashes.put(key, version.hash()));
        return hashes;
    }

    boolean holdsEndpointsOf(String host) {
        String prefix = "endpoints/" + host + ":";
        SortedMap<String, StreamMessage.ResourceUpdate> from = byKey.tailMap(prefix);
        return !from.isEmpty() && from.firstKey().startsWith(prefix);
    }
}
