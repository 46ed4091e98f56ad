/** Runs policy tests, offline and without a trace, and says which line made one fail. */
@NullMarked
package io.weft.preview.test;

import org.jspecify.annotations.NullMarked;
