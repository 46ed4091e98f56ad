/** Services, where they run, and how their host names are resolved. Immutable. Knows no policy. */
@NullMarked
package io.weft.compiler.catalog;

import org.jspecify.annotations.NullMarked;
