/** The gateway application: what it does lives in mesh-spring; logins are put before it here. */
@NullMarked
package io.weft.gateway;

import org.jspecify.annotations.NullMarked;
