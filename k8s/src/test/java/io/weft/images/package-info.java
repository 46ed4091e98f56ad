/** Images are made, taken apart again and, where asked for, run. */
@NullMarked
package io.weft.images;

import org.jspecify.annotations.NullMarked;
