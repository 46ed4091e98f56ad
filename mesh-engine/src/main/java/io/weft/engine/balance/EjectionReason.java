package io.weft.engine.balance;

/** Why an endpoint was ejected. */
public enum EjectionReason {
    /** Too many failures in a row. */
    CONSECUTIVE_FAILURES,
    /** Too small a share of its requests has succeeded. */
    LOW_SUCCESS_RATE
}
