/**
 * Looks at a whole configuration for what no single resource shows. Findings never refuse a commit;
 * checks live in the packages below, and what they look at in {@code view}.
 */
@NullMarked
package io.weft.compiler.analysis;

import org.jspecify.annotations.NullMarked;
