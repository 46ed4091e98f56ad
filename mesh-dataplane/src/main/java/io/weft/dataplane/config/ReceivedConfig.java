package io.weft.dataplane.config;

import io.weft.model.resource.MeshResource;
import io.weft.model.wire.StreamMessage.Delta;
import io.weft.model.wire.StreamMessage.ResourceUpdate;
import java.util.HashMap;
import java.util.Map;

/**
 * What the control plane has sent so far, whether it could be used or not: deltas are relative to
 * it. Of one thread.
 */
final class ReceivedConfig {

    private final Map<String, MeshResource> resources = new HashMap<>();
    private final Map<String, String> hashes = new HashMap<>();
    private String revision = "";
    private String commit = "";

    void restore(LastGoodState.Saved saved) {
        resources.putAll(saved.resources().resources());
        hashes.putAll(saved.hashes());
        revision = saved.resources().revision();
        commit = saved.resources().commit();
    }

    /** Applies a delta; null where something should be makes it unreadable, and changes nothing. */
    void apply(Delta delta) {
        for (ResourceUpdate update : delta.updates()) {
            if (update.resource() == null || update.hash() == null) {
                throw new IllegalArgumentException("delta: an update without resource or hash");
            }
        }
        for (String key : delta.removed()) {
            resources.remove(key);
            hashes.remove(key);
        }
        for (ResourceUpdate update : delta.updates()) {
            resources.put(update.resource().key(), update.resource());
            hashes.put(update.resource().key(), update.hash());
        }
        revision = delta.revision();
        commit = delta.commit() == null ? "" : delta.commit();
    }

    String revision() {
        return revision;
    }

    Map<String, String> hashes() {
        return Map.copyOf(hashes);
    }

    ResourceSet resources() {
        return new ResourceSet(revision, commit, resources);
    }
}
