package io.weft.dataplane.telemetry;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where records of the access log go. Called by one thread, which may block in it. */
public interface LineSink {

    /**
     * Takes one record.
     *
     * @param text with its line end; several lines where the format has several
     */
    void write(String text) throws IOException;

    /** Whether it takes {@link LogRecord}s rather than lines. */
    default boolean wantsRecords() {
        return false;
    }

    /** Takes one record in its parts, when {@link #wantsRecords}. */
    default void write(LogRecord record) throws IOException {
        write(record.text());
    }

    /** Is called when there is nothing more to write for now. */
    default void flush() throws IOException {}

    /** To a stream, in UTF-8. */
    static LineSink to(OutputStream stream) {
        BufferedOutputStream out = new BufferedOutputStream(stream, 1 << 16);
        return new LineSink() {
            @Override
            public void write(String text) throws IOException {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }
        };
    }

    /** To the end of a file, which is created when it is missing. */
    static LineSink to(Path file) throws IOException {
        return to(
                Files.newOutputStream(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND));
    }
}
