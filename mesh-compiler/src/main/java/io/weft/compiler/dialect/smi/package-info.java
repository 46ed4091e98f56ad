/** The Service Mesh Interface's kinds. Knows no other dialect. */
@NullMarked
package io.weft.compiler.dialect.smi;

import org.jspecify.annotations.NullMarked;
