/** Opaque connections: copying bytes both ways with half-close, and who may do so. */
@NullMarked
package io.weft.dataplane.tcp;

import org.jspecify.annotations.NullMarked;
