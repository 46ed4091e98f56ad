/**
 * The seam between policy languages and the rest: what a dialect must answer, and what it may ask.
 * No dialect lives here; each has a package below and none knows another.
 */
@NullMarked
package io.weft.compiler.dialect;

import org.jspecify.annotations.NullMarked;
