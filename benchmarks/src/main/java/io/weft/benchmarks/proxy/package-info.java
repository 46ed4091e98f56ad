/** Proxies as processes: their configuration for a scenario, their processor time and memory. */
@NullMarked
package io.weft.benchmarks.proxy;

import org.jspecify.annotations.NullMarked;
