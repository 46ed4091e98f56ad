package io.weft.model.cluster;

/** How the addresses of an endpoint set are found. */
public enum Resolution {
    /** Addresses are IP addresses. */
    STATIC,
    /** Addresses are host names: every address of each is used. */
    DNS,
    /** Addresses are host names: one address at a time, the rest kept for the next connection. */
    DNS_ROUND_ROBIN,
    /** The connection goes where the caller wanted to go. */
    ORIGINAL_DESTINATION
}
