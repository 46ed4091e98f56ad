/** Linkerd's kinds. Knows no other dialect. */
@NullMarked
package io.weft.compiler.dialect.linkerd;

import org.jspecify.annotations.NullMarked;
