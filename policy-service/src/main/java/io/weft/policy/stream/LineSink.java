package io.weft.policy.stream;

import java.util.concurrent.CompletionStage;

/** Where the lines of a stream go. Thread-safe. */
public interface LineSink {

    /**
     * Sends one line (without its end). Whoever writes waits for the stage before the next line: so
     * at most one is ever held for a slow reader.
     *
     * @return completes when the line has left, exceptionally when the stream has ended
     */
    CompletionStage<Void> write(byte[] line);

    /** Completes when the stream has ended, from whichever side. */
    CompletionStage<Void> closed();

    /** Ends the stream. */
    void close();
}
