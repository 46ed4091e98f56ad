/** More than a proxy can do, from outside. */
@NullMarked
package io.weft.dataplane.overload;

import org.jspecify.annotations.NullMarked;
