/** What is recorded of a request: access logs, metrics and spans. */
@NullMarked
package io.weft.model.telemetry;

import org.jspecify.annotations.NullMarked;
