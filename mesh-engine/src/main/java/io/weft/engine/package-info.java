/**
 * What every decision needs to know: the request, the clock, chance. No I/O, no Netty, no Spring;
 * nothing here knows the decisions below it.
 */
@NullMarked
package io.weft.engine;

import org.jspecify.annotations.NullMarked;
