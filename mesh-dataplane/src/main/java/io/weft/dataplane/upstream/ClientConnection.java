package io.weft.dataplane.upstream;

/** A connection of a pool, to be asked on its event loop. */
interface ClientConnection {

    /** Whether another request may start on it now. */
    boolean available();

    /** Whether nothing runs on it. */
    boolean idle();

    /**
     * Starts a request; the listener hears {@code connected} before this returns, or {@code
     * failed}.
     */
    void start(UpstreamListener listener);

    /** When it became idle, as {@link System#nanoTime}. */
    long idleSince();

    /** Takes no new request; closes when nothing runs on it. */
    void retire();
}
