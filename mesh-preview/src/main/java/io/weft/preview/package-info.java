/**
 * What a configuration would do before anything runs it: the compiler's output asked with the
 * engine's code. Does no I/O and starts nothing.
 */
@NullMarked
package io.weft.preview;

import org.jspecify.annotations.NullMarked;
