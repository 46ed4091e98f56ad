/** Configurations of any size, made from a seed. What is measured and compared lives elsewhere. */
@NullMarked
package io.weft.compiler.generated;

import org.jspecify.annotations.NullMarked;
