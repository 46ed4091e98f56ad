/** What is sent over OTLP, to receivers that work and to others that do not. */
@NullMarked
package io.weft.dataplane.telemetry.otlp;

import org.jspecify.annotations.NullMarked;
