/**
 * Spans, access logs and metrics on their way to an OTLP receiver: bounded queues, threads of their
 * own, and what is lost is counted. Nothing here is called on an event loop but {@code offer}.
 */
@NullMarked
package io.weft.dataplane.telemetry.otlp;

import org.jspecify.annotations.NullMarked;
