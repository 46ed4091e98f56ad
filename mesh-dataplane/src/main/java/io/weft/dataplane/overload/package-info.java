/**
 * What a proxy takes on at one time, and what it turns away when that is too much. Knows no
 * protocol: it is asked, and says why not.
 */
@NullMarked
package io.weft.dataplane.overload;

import org.jspecify.annotations.NullMarked;
