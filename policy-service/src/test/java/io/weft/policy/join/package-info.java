/** Proofs of identity, apart from the doors at which they are shown. */
@NullMarked
package io.weft.policy.join;

import org.jspecify.annotations.NullMarked;
