/** Ports, and child processes that cannot outlive this one. Knows nothing of the mesh. */
@NullMarked
package io.weft.blog.launcher.process;

import org.jspecify.annotations.NullMarked;
