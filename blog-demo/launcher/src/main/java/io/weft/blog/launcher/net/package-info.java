/** Clients that are as rude as a check needs them, and echo servers. Knows nothing of the mesh. */
@NullMarked
package io.weft.blog.launcher.net;

import org.jspecify.annotations.NullMarked;
