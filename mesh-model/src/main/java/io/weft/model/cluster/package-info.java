/** Destinations: clusters with their traffic policy, and the endpoints behind them. */
@NullMarked
package io.weft.model.cluster;

import org.jspecify.annotations.NullMarked;
