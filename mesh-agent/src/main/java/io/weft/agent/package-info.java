/** The sidecar application: nothing but a main class; everything it does lives in mesh-spring. */
@NullMarked
package io.weft.agent;

import org.jspecify.annotations.NullMarked;
