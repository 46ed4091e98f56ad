package io.weft.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;

/** A client of {@code /mesh/watch}. */
final class WatchStream implements AutoCloseable {

    private final HttpURLConnection connection;
    private final BufferedReader reader;

    WatchStream(RunningService service, String query) {
        try {
            connection =
                    (HttpURLConnection) service.uri("/mesh/watch" + query).toURL().openConnection();
            connection.setReadTimeout(10_000);
            reader =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.getInputStream(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String contentType() {
        return connection.getContentType();
    }

    /** The next line, heartbeats included; null at the end of the stream. */
    String line() {
        try {
            return reader.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line that is no heartbeat. */
    String commitLine() {
        String line = line();
        while (line != null && line.contains("heartbeat")) {
            line = line();
        }
        return line;
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
