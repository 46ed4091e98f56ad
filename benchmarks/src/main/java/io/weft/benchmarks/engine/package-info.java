/** JMH benchmarks of the engine's decisions. */
@NullMarked
package io.weft.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
