/** The acceptance list: one class an item, each asking as a real client would. */
@NullMarked
package io.weft.blog.launcher.check;

import org.jspecify.annotations.NullMarked;
