/** The gentle load, and the table that shows where it went. */
@NullMarked
package io.weft.blog.launcher.load;

import org.jspecify.annotations.NullMarked;
