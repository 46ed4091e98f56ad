/** Spring Cloud Gateway as it comes: the peer that Weft's lanes are measured against. */
@NullMarked
package io.weft.benchmarks.stock;

import org.jspecify.annotations.NullMarked;
