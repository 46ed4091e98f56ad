/**
 * The seam for code that runs inside an exchange or sends requests of its own; Netty types only.
 */
@NullMarked
package io.weft.dataplane.lane;

import org.jspecify.annotations.NullMarked;
