/**
 * Replays of conformance data that lies beside the repository, in {@code ../shared}; without it the
 * tests are skipped.
 */
@NullMarked
package io.weft.compiler.replay;

import org.jspecify.annotations.NullMarked;
