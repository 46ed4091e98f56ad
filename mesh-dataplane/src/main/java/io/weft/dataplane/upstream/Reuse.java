package io.weft.dataplane.upstream;

/** Which connections of a pool will do for a request. */
public enum Reuse {
    /** Any: if it turns out to be closed, the request can be sent again. */
    ANY,
    /** One that served a moment ago, so that its peer is not about to close it for idleness. */
    RECENT,
    /** A new one. */
    NONE
}
