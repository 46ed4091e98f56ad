/** Load on loopback, lean enough to leave the processor to what is measured. Knows no proxy. */
@NullMarked
package io.weft.benchmarks.load;

import org.jspecify.annotations.NullMarked;
