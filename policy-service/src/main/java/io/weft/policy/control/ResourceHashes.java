package io.weft.policy.control;

import io.weft.model.resource.MeshResource;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /**
     * The version of a resource.
     *
     * @param before what stood under the key for the same workload; keys of one workload's own, as
     *     {@code workload}, are shared with nobody
     */
    StreamMessage.ResourceUpdate version(
            String key, MeshResource resource, StreamMessage.@Nullable ResourceUpdate before) {
        StreamMessage.ResourceUpdate known = same(next.get(key), resource);
        if (known == null) {
            known = same(current.get(key), resource);
        }
        if (known == null) {
            known = same(before, resource);
        }
        if (known == null) {
            known = new StreamMessage.ResourceUpdate(codec.hash(resource), resource);
        }
        next.put(key, known);
        return known;
    }

    private static StreamMessage.@Nullable ResourceUpdate same(
            StreamMessage.@Nullable ResourceUpdate known, MeshResource resource) {
        return known != null && known.resource().equals(resource) ? known : null;
    }

    /** Called when every workload was built anew: what nobody holds any more is forgotten. */
    void generationEnded() {
        current = next;
        next = new HashMap<>();
    }
}
