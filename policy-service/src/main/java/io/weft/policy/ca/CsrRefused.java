package io.weft.policy.ca;

/** A certificate is not issued; the message tells the asker why. */
public final class CsrRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean later;

    CsrRefused(String message) {
        this(message, false);
    }

    CsrRefused(String message, boolean later) {
        super(message);
        this.later = later;
    }

    /** Whether the same request may succeed some time later (a rate limit). */
    public boolean mayRetryLater() {
        return later;
    }
}
