package io.weft.config;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The head of the repository as an endless stream of lines. Each watcher is a virtual thread that
 * waits; a watcher that has gone is noticed at the next heartbeat, when writing to it fails.
 */
@RestController
final class WatchController {

    private static final int MAX_WATCHERS = 4096;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String HEARTBEAT = "{\"heartbeat\":true}\n";

    private final HeadSignal signal;
    private final Duration heartbeat;
    private final AtomicInteger watchers = new AtomicInteger();

    WatchController(HeadSignal signal, Duration heartbeat) {
        this.signal = signal;
        this.heartbeat = heartbeat;
    }

    /** How many are watching now. */
    int watchers() {
        return watchers.get();
    }

    @GetMapping("/mesh/watch")
    void watch(@RequestParam(required = false) @Nullable String since, HttpServletResponse response)
            throws InterruptedException {
        String known = since == null || since.isEmpty() ? null : since;
        if (known != null && !COMMIT.matcher(known).matches()) {
            throw new ServiceProblem(
                    HttpStatus.BAD_REQUEST,
                    "since (expected: a commit id of 40 hexadecimal digits)");
        }
        if (watchers.incrementAndGet() > MAX_WATCHERS) {
            watchers.decrementAndGet();
            throw new ServiceProblem(HttpStatus.SERVICE_UNAVAILABLE, "Too many watchers.");
        }
        try {
            stream(known, response);
        } catch (IOException e) {
            // The watcher has gone: nobody is left to be told.
        } finally {
            watchers.decrementAndGet();
        }
    }

    private void stream(@Nullable String since, HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setContentType("application/x-ndjson");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // Or nginx in between holds the lines back.
        response.flushBuffer();
        ServletOutputStream out = response.getOutputStream();
        String known = since;
        while (!signal.isClosed()) {
            String head = signal.awaitOther(known, heartbeat);
            if (head != null) {
                known = head;
            }
            String line = head == null ? HEARTBEAT : "{\"commit\":\"" + head + "\"}\n";
            out.write(line.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
