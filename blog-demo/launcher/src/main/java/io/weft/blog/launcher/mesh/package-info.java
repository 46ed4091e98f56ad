/** The sidecars and the gateway, in this process or in their own. */
@NullMarked
package io.weft.blog.launcher.mesh;

import org.jspecify.annotations.NullMarked;
