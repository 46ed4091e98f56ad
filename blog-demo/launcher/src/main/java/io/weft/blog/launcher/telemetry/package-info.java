/** Reads what the mesh tells of itself: Prometheus text and OTLP spans. */
@NullMarked
package io.weft.blog.launcher.telemetry;

import org.jspecify.annotations.NullMarked;
