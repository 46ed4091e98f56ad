/** Replays the conformance sets that lie beside the project; each prints its score. */
@NullMarked
package io.weft.compiler.conformance;

import org.jspecify.annotations.NullMarked;
