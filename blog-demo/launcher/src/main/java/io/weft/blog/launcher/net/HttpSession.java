package io.weft.blog.launcher.net;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps one connection to a target while it lasts. For one thread. */
public final class HttpSession implements AutoCloseable {

    private final Target target;
    private final Duration timeout;
    private @Nullable HttpConnection connection;

    public HttpSession(Target target, Duration timeout) {
        this.target = target;
        this.timeout = timeout;
    }

    /** Sends a request, on a new connection when the last one has ended. */
    public HttpAnswer exchange(HttpQuestion question) throws IOException {
        HttpConnection current = connection;
        if (current == null || !current.usable()) {
            close();
            current = HttpConnection.open(target, timeout);
            connection = current;
        }
        try {
            return current.exchange(question);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
