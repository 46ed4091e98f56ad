/** The configuration in force: compiled once per change, immutable, read once per exchange. */
@NullMarked
package io.weft.dataplane.snapshot;

import org.jspecify.annotations.NullMarked;
