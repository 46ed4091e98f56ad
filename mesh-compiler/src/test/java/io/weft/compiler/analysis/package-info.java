/** Tests of the analysis of whole configurations. */
@NullMarked
package io.weft.compiler.analysis;

import org.jspecify.annotations.NullMarked;
