/** What is recorded at the end of every exchange: metrics, access log, spans. Decides nothing. */
@NullMarked
package io.weft.dataplane.telemetry;

import org.jspecify.annotations.NullMarked;
