package io.weft.model.listener;

/** What a port accepts from peers. */
public enum MtlsMode {
    /** Mutual TLS only. */
    STRICT,
    /** Mutual TLS or plain text, told apart by the first bytes. */
    PERMISSIVE,
    /** Plain text only. */
    DISABLE
}
