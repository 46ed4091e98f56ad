package io.weft.model.listener;

/** What is done to a path before it is matched and forwarded; names as in Istio's MeshConfig. */
public enum PathNormalization {
    NONE,
    /** RFC 3986 dot segments, backslashes to slashes. */
    BASE,
    /** BASE, and runs of slashes become one. */
    MERGE_SLASHES,
    /** MERGE_SLASHES after decoding %2F and %5C. */
    DECODE_AND_MERGE_SLASHES
}
