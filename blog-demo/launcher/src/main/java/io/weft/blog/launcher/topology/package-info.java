/** What runs, by name and port; data only. */
@NullMarked
package io.weft.blog.launcher.topology;

import org.jspecify.annotations.NullMarked;
