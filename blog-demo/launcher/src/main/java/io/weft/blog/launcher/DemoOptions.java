package io.weft.blog.launcher;

import io.weft.blog.launcher.topology.DemoDialect;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param home the checkout, whose built applications run
 * @param processes whether each proxy gets a process of its own
 * @param port HTTPS port of the gateway; null takes the usual or a free one
 * @param portOffset added to every usual port
 * @param repository an existing Git repository; null makes one from the sample
 * @param work where everything is kept; null takes a temporary folder, which is deleted at the end
 */
public record DemoOptions(
        Path home,
        DemoDialect dialect,
        boolean processes,
        @Nullable Integer port,
        int portOffset,
        @Nullable Path repository,
        @Nullable Path work) {}
