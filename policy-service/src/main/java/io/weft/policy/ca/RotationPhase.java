package io.weft.policy.ca;

/** How far the replacement of a root has come. */
public enum RotationPhase {

    /** One authority: nothing is being replaced. */
    STEADY,

    /** The next root is in every bundle; the old authority still signs. */
    ANNOUNCED,

    /** The next authority signs; certificates of the old one are still good. */
    SWITCHED
}
