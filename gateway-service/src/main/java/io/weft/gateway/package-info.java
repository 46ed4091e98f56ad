/** The gateway application: nothing but a main class; everything it does lives in mesh-spring. */
@NullMarked
package io.weft.gateway;

import org.jspecify.annotations.NullMarked;
