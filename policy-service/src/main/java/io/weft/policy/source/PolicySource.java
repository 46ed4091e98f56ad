package io.weft.policy.source;

/** Where policies come from. It goes on for ever by itself: failures are told by its status. */
public interface PolicySource extends AutoCloseable {

    /** Begins to read; called once. */
    void start(BundleSink sink);

    /** How it does. Thread-safe. */
    SourceStatus status();

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
