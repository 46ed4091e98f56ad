package io.weft.model.wire;

/**
 * What became of a delta.
 *
 * @param accepted false: the receiver keeps its last good configuration
 * @param reason why it was refused, else empty
 */
public record Ack(String revision, boolean accepted, String reason) {}
