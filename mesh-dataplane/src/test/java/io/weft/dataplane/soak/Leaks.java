package io.weft.dataplane.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Hears of buffers that were forgotten. */
final class Leaks extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

    Leaks() {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException(
                    "leak detection: "
                            + ResourceLeakDetector.getLevel()
                            + " (expected: PARANOID, -Dio.netty.leakDetection.level)");
        }
        setContext(logger.getLoggerContext());
        logger.addAppender(this);
        start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            reports.add(event.getFormattedMessage());
        }
    }

    /** What was reported, after everything that is not referred to was collected. */
    List<String> reports() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            // What was collected is told when the next buffers are made.
            for (int n = 0; n < 100; n++) {
                PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
                io.netty.buffer.ByteBufAllocator.DEFAULT.directBuffer(16).release();
            }
        }
        return List.copyOf(reports);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
