/** The codec's own parts, against the library's. */
@NullMarked
package io.weft.dataplane.codec;

import org.jspecify.annotations.NullMarked;
