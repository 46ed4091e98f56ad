package io.weft.dataplane.config;

/** Is told how the connection to the control plane fares; for metrics. Must not block. */
public interface ConnectionObserver {

    ConnectionObserver NONE =
            new ConnectionObserver() {
                @Override
                public void connected(boolean now) {}

                @Override
                public void accepted() {}

                @Override
                public void refused() {}
            };

    /** The stream was opened and has spoken, or is gone. */
    void connected(boolean now);

    /** A configuration came into force. */
    void accepted();

    /** A configuration or a message was refused. */
    void refused();
}
