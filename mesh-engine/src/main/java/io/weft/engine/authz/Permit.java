package io.weft.engine.authz;

import io.weft.model.Origin;

/**
 * The right to forward one request or connection to the application. Only {@link AuthzEngine} can
 * make one, so a forwarder that asks for it cannot be called for what was not allowed.
 */
public final class Permit {

    private final Origin grantedBy;

    Permit(Origin grantedBy) {
        this.grantedBy = grantedBy;
    }

    /** What allowed the request. */
    public Origin grantedBy() {
        return grantedBy;
    }

    @Override
    public String toString() {
        return "Permit[" + grantedBy.describe() + "]";
    }
}
