/** Our own kinds: what no other dialect can say. Knows no other dialect. */
@NullMarked
package io.weft.compiler.dialect.weft;

import org.jspecify.annotations.NullMarked;
