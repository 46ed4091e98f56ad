/**
 * A whole proxy put together: identity, configuration, telemetry, administration and the data
 * plane. Nothing is decided here; mesh-spring, the demo and the lab start their proxies through it.
 */
@NullMarked
package io.weft.dataplane.assembly;

import org.jspecify.annotations.NullMarked;
