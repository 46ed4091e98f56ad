/** Transparent capture between real network namespaces, where they may be made. */
@NullMarked
package io.weft.dataplane.capture;

import org.jspecify.annotations.NullMarked;
