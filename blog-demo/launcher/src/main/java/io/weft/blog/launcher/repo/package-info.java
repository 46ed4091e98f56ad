/** The Git repository that the demo runs from. */
@NullMarked
package io.weft.blog.launcher.repo;

import org.jspecify.annotations.NullMarked;
