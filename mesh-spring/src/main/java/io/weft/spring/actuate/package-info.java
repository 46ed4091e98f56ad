/** What an operator may look at through the actuator. Read-only. */
@NullMarked
package io.weft.spring.actuate;

import org.jspecify.annotations.NullMarked;
