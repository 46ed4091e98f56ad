package io.weft.model.authz;

/** What a matching step does. */
public enum Effect {
    ALLOW,
    DENY
}
