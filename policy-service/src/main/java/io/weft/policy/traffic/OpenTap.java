package io.weft.policy.traffic;

import io.weft.model.wire.Tap;

/** A tap that is open, and at whom. */
public record OpenTap(TapTarget target, Tap tap) {}
