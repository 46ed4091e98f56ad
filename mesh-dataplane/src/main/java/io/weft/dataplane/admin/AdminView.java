package io.weft.dataplane.admin;

/**
 * What an {@link AdminServer} shows and may do. Views are any values that Jackson can write;
 * secrets in them are redacted. Called by the server's own thread, which may be kept busy.
 * Thread-safe.
 */
public interface AdminView {

    /** Empty when traffic may come, else why not. */
    String notReady();

    /** The whole configuration in force. */
    Object configDump();

    Object listeners();

    Object clusters();

    Object routes();

    Object certs();

    /** The metrics in Prometheus' text format. */
    String scrape();

    /**
     * Changes what is logged.
     *
     * @param logger empty for the root
     * @return false when there is no such level, or levels cannot be changed here
     */
    boolean logLevel(String logger, String level);

    /** Begins to send callers elsewhere; returns at once. */
    void drain();

    /** Ends the process in an orderly way; returns at once. */
    void quit();
}
