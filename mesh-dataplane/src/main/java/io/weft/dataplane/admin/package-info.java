/** The administration port of a proxy: health, metrics and read-only views. Knows no proxy. */
@NullMarked
package io.weft.dataplane.admin;

import org.jspecify.annotations.NullMarked;
