/**
 * The blog's own applications as seen from outside the mesh: how they start, fail and mint tokens.
 */
@NullMarked
package io.weft.blog.launcher.apps;

import org.jspecify.annotations.NullMarked;
