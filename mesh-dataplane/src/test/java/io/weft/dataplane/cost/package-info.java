/** What requests cost, counted, not timed. */
@NullMarked
package io.weft.dataplane.cost;

import org.jspecify.annotations.NullMarked;
