package io.weft.policy.control;

import io.weft.model.resource.MeshResource;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * Content hashes, computed once for resources that many workloads share; equal resources become one
 * object. For the control thread.
 */
final class ResourceHashes {

    private final MeshCodec codec;
    private Map<String, StreamMessage.ResourceUpdate> current = new HashMap<>();
    private Map<String, StreamMessage.ResourceUpdate> next = new HashMap<>();

    ResourceHashes(MeshCodec codec) {
        this.codec = codec;
    }

    StreamMessage.ResourceUpdate version(String key, MeshResource resource) {
        StreamMessage.ResourceUpdate known = next.get(key);
        if (known == null) {
            known = current.get(key);
        }
        if (known == null || !known.resource().equals(resource)) {
            known = new StreamMessage.ResourceUpdate(codec.hash(resource), resource);
        }
        next.put(key, known);
        return known;
    }

    /** Called when every workload was built anew: what nobody holds any more is forgotten. */
    void generationEnded() {
        current = next;
        next = new HashMap<>();
    }
}
