/** The command line of the demo, and what it starts in which order. Knows all packages below it. */
@NullMarked
package io.weft.blog.launcher;

import org.jspecify.annotations.NullMarked;
