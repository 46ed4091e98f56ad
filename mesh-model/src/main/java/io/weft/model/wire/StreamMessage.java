package io.weft.model.wire;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.resource.MeshResource;
import java.util.List;

/** One line of the configuration stream (newline-delimited JSON). */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface StreamMessage {

    /**
     * A change from the configuration that the receiver has to {@code revision}. The first delta
     * after a connect is relative to the hashes in the {@link Subscription}.
     *
     * @param revision opaque, grows with every publication of the control plane
     * @param commit Git commit of the policies, empty when they do not come from Git
     * @param updates new or changed resources
     * @param removed keys that are gone
     */
    record Delta(String revision, String commit, List<ResourceUpdate> updates, List<String> removed)
            implements StreamMessage {
        public Delta {
            updates = List.copyOf(updates);
            removed = List.copyOf(removed);
        }
    }

    /** Sent when nothing else was for some seconds, so that a dead peer is noticed. */
    record Heartbeat(String revision) implements StreamMessage {}

    /** All taps that are open at the receiver; those that it had are replaced. */
    record Taps(List<Tap> taps) implements StreamMessage {
        public Taps {
            taps = List.copyOf(taps);
        }
    }

    /**
     * @param hash content hash, see {@link MeshCodec#hash}
     */
    record ResourceUpdate(String hash, MeshResource resource) {}
}
