package io.weft.policy.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where policies come from. It goes on for ever by itself: failures are told by its status. */
public interface PolicySource extends AutoCloseable {

    /** Begins to read; called once. */
    void start(BundleSink sink);

    /** How it does. Thread-safe. */
    SourceStatus status();

    /**
     * The newest commits that have changed the policies, the newest first; none where there is no
     * history. Blocks.
     */
    default List<LogEntry> log(int limit) throws IOException, InterruptedException {
        return List.of();
    }

    /** The policies of an earlier commit; empty when there is no such. Blocks. */
    default Optional<PolicyBundle> at(String commit) throws IOException, InterruptedException {
        return Optional.empty();
    }

    @Override
    void close();

    /** A source that holds nothing: policies are published by call only. */
    static PolicySource none() {
        return new PolicySource() {
            @Override
            public void start(BundleSink sink) {
                // nothing to read
            }

            @Override
            public SourceStatus status() {
                return new SourceStatus("none (published by call)", null, "");
            }

            @Override
            public void close() {
                // nothing to stop
            }
        };
    }
}
