/** Beginnings of connections, byte by byte. */
@NullMarked
package io.weft.dataplane.listener;

import org.jspecify.annotations.NullMarked;
