package io.weft.dataplane.identity;

/** No certificate could be had; the message says from whom, and why. */
public final class JoinException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean refused;

    JoinException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    JoinException(String message, Throwable cause) {
        super(message, cause);
        this.refused = false;
    }

    /** Whether the control plane said no, so that trying again with the same token is in vain. */
    public boolean refused() {
        return refused;
    }
}
