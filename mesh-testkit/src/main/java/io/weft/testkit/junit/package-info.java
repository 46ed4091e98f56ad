/**
 * A mesh inside a JUnit test: {@link io.weft.testkit.junit.MeshTest} starts it, {@link
 * io.weft.testkit.junit.Mesh} sends requests through it and says what is expected.
 */
@NullMarked
package io.weft.testkit.junit;

import org.jspecify.annotations.NullMarked;
