/** Istio's kinds. Knows no other dialect. */
@NullMarked
package io.weft.compiler.dialect.istio;

import org.jspecify.annotations.NullMarked;
