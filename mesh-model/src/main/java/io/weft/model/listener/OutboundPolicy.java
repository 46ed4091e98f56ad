package io.weft.model.listener;

/** What happens to traffic for hosts that the mesh does not know. */
public enum OutboundPolicy {
    /** It goes on as it is (PassthroughCluster). */
    ALLOW_ANY,
    /** It is refused (BlackHoleCluster). */
    REGISTRY_ONLY
}
