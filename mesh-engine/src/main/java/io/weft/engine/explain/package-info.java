/**
 * Replays a sample request through the same compiled code as the data plane and says what decided.
 * The only package that may know all the others.
 */
@NullMarked
package io.weft.engine.explain;

import org.jspecify.annotations.NullMarked;
