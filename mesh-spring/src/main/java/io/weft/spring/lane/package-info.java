/**
 * Gateway filters on mesh routes: an authorised exchange of the data plane, seen as a
 * ServerWebExchange.
 */
@NullMarked
package io.weft.spring.lane;

import org.jspecify.annotations.NullMarked;
