package io.weft.policy.control;

import io.weft.model.resource.MeshResource;
import io.weft.model.wire.StreamMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A workload's whole configuration, each resource with its content hash; instances that have the
 * same one share it. Immutable.
 */
final class ResourceVersions {

    static final ResourceVersions NONE = new ResourceVersions(new TreeMap<>());

    private final SortedMap<String, StreamMessage.ResourceUpdate> byKey;
    private final Map<String, String> hashes;

    private ResourceVersions(SortedMap<String, StreamMessage.ResourceUpdate> byKey) {
        this.byKey = Collections.unmodifiableSortedMap(byKey);
        Map<String, String> all = new TreeMap<>();
        byKey.forEach((key, version) -> all.put(key, version.hash()));
        this.hashes = Collections.unmodifiableMap(all);
    }

    /**
     * The versions of what was built for a workload; {@code before} itself where nothing is new.
     *
     * @param before what the same workload had, which is mostly the same again
     */
    static ResourceVersions of(
            Map<String, MeshResource> built, ResourceVersions before, ResourceHashes hashes) {
        SortedMap<String, StreamMessage.ResourceUpdate> versions = new TreeMap<>();
        built.forEach((key, resource) ->
                versions.put(key, hashes.version(key, resource, before.byKey().get(key))));
        return versions.equals(before.byKey()) ? before : new ResourceVersions(versions);
    }

    SortedMap<String, StreamMessage.ResourceUpdate> byKey() {
        return byKey;
    }

    /** Whether it is the same, resource by resource. */
    boolean isSame(ResourceVersions other) {
        return this == other || hashes.equals(other.hashes);
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
        return hashes;
    }

    boolean holdsEndpointsOf(String host) {
        String prefix = "endpoints/" + host + ":";
        SortedMap<String, StreamMessage.ResourceUpdate> from = byKey.tailMap(prefix);
        return !from.isEmpty() && from.firstKey().startsWith(prefix);
    }
}
