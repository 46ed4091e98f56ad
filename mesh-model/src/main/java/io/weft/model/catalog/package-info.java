/** The catalogue: services, and the workloads that register behind them. */
@NullMarked
package io.weft.model.catalog;

import org.jspecify.annotations.NullMarked;
